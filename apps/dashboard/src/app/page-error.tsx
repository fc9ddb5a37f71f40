import { Button } from '../ui/button.js';
import { ErrorText } from '../ui/error-text.js';
import { StateNote } from '../ui/state-note.js';

/** Stands where a page failed: its program could not be loaded, or has a mistake. */
export function PageError({ error }: { readonly error: unknown }) {
  return (
    <StateNote isPage alarm title="This page could not be shown" actions={<Button onClick={() => location.reload()}>Load again</Button>}>
      <ErrorText error={error instanceof Error ? error : new Error(String(error))} />
    </StateNote>
  );
}
