import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { runsQuery } from '../../api/queries.js';
import { formatCount } from '../../format/numbers.js';
import { Button, buttonClass } from '../../ui/button.js';
import { CommandText } from '../../ui/command-text.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { StateNote } from '../../ui/state-note.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { RunFilters } from './run-filters.js';
import { RunsTable } from './runs-table.js';
import { selectRuns } from './sort-runs.js';

/** Every run of the store. */
export function RunsPage() {
  usePageTitle('Runs');
  const query = useQuery(runsQuery);
  const { q, phase, sort = '-updatedAt', picked = [] } = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const shown = useMemo(() => selectRuns(query.data ?? [], { q, phase }, sort), [query.data, q, phase, sort]);
  const total = query.data?.length;
  const pick = (name: string) => {
    const next = picked.includes(name) ? picked.filter((other) => other !== name) : [...picked, name];
    void navigate({ search: (old) => ({ ...old, picked: next.length > 0 ? next : undefined }), replace: true });
  };
  return (
    <>
      <h1 className="sr-only">Runs</h1>
      <Panel
        title="Runs"
        note={total !== undefined && (shown.length === total ? formatCount(total) : `${formatCount(shown.length)} of ${formatCount(total)}`)}
        flush
        actions={
          <>
            {picked.length > 0 && (
              <Link to="/compare" search={{ runs: picked }} className={buttonClass()}>
                Compare {picked.length}
              </Link>
            )}
            <RunFilters />
          </>
        }
      >
        <QueryView query={query} loading={<SkeletonRows rows={10} />}>
          {(runs) => {
            if (runs.length === 0) return <NoRuns />;
            if (shown.length === 0) return <NothingFound onClear={() => void navigate({ search: {} })} />;
            return <RunsTable runs={shown} sort={sort} picked={picked} onPick={pick} />;
          }}
        </QueryView>
      </Panel>
    </>
  );
}

function NoRuns() {
  return (
    <StateNote
      title="No runs yet"
      actions={
        <Link to="/submit" className={buttonClass('primary')}>
          New job
        </Link>
      }
    >
      A run begins when you submit a job, here or with <CommandText text="langevin job submit" />.
    </StateNote>
  );
}

function NothingFound({ onClear }: { readonly onClear: () => void }) {
  return <StateNote title="No run matches" actions={<Button onClick={onClear}>Show all</Button>} />;
}
