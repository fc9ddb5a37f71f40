import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button.js';
import { ErrorText } from './error-text.js';
import { StateNote } from './state-note.js';

/** Properties of a query's view. */
export interface QueryViewProps<T> {
  readonly query: UseQueryResult<T>;
  /** Keeps the place while it loads, as large as what comes. */
  readonly loading: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** Shows what a query has got; before that, that it loads, or why it failed with a way to try again. */
export function QueryView<T>({ query, loading, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    return (
      <StateNote alarm title="This could not be read" actions={<Button onClick={() => void query.refetch()}>Try again</Button>}>
        <ErrorText error={query.error} />
      </StateNote>
    );
  }
  return (
    <div aria-busy="true">
      <span className="sr-only">Loading</span>
      {loading}
    </div>
  );
}
