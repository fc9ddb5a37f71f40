import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { runQuery } from '../../api/queries.js';
import { RequestError } from '../../api/request-error.js';
import { buttonClass } from '../../ui/button.js';
import { QueryView } from '../../ui/query-view.js';
import { StateNote } from '../../ui/state-note.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { RunActions } from './run-actions.js';
import { RunFacts } from './run-facts.js';
import { PhaseBadge } from '../../ui/phase-badge.js';

const tabs = [
  { to: '/runs/$run', label: 'Curves' },
  { to: '/runs/$run/samples', label: 'Samples' },
  { to: '/runs/$run/checkpoints', label: 'Checkpoints' },
  { to: '/runs/$run/spec', label: 'Spec' },
] as const;

/** What all pages of a run share: its name, its state, what can be done with it. */
export function RunLayout() {
  const { run } = useParams({ from: '/runs/$run' });
  usePageTitle(run);
  const query = useQuery(runQuery(run));
  if (query.error instanceof RequestError && query.error.status === 404 && !query.data) return <UnknownRun run={run} />;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 truncate text-xl font-semibold tracking-tight">{run}</h1>
        {query.data && <PhaseBadge phase={query.data.phase} />}
        <div className="ml-auto flex min-h-7 flex-wrap gap-1.5">{query.data && <RunActions run={query.data} />}</div>
      </div>
      <QueryView query={query} loading={<div className="skeleton h-[58px]" />}>
        {(data) => <RunFacts run={data} />}
      </QueryView>
      <nav aria-label="Parts of the run" className="flex gap-4 overflow-x-auto border-b border-line px-1">
        {tabs.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            params={{ run }}
            activeOptions={{ exact: true, includeSearch: false }}
            className="inline-flex h-9 items-center border-b-2 border-transparent whitespace-nowrap text-ink-2 hover:text-ink"
            activeProps={{ className: '!border-accent font-medium !text-ink' }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}

function UnknownRun({ run }: { readonly run: string }) {
  return (
    <StateNote
      isPage
      title={`The store has no run "${run}"`}
      actions={
        <Link to="/runs" className={buttonClass()}>
          All runs
        </Link>
      }
    />
  );
}
