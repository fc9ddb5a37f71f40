import type { ModelSummary } from '@langevin/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { modelsQuery } from '../../api/queries.js';
import { formatCount, shortDigest } from '../../format/numbers.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { StateNote } from '../../ui/state-note.js';
import { cellClass, headClass, tableClass } from '../../ui/table-classes.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { AliasTag } from './alias-tag.js';
import { PairsPanel } from './pairs-panel.js';

/** Every model of the registry, and which of them guide which. */
export function ModelsPage() {
  usePageTitle('Models');
  const query = useQuery(modelsQuery);
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Models</h1>
      <Panel title="Models" note={query.data && query.data.length > 0 ? formatCount(query.data.length) : undefined} flush>
        <QueryView query={query} loading={<SkeletonRows rows={4} />}>
          {(models) => (models.length === 0 ? <NoModels /> : <ModelsTable models={models} />)}
        </QueryView>
      </Panel>
      {query.data && query.data.length > 0 && <PairsPanel models={query.data} />}
    </div>
  );
}

function ModelsTable({ models }: { readonly models: readonly ModelSummary[] }) {
  return (
    <table className={tableClass}>
      <thead>
        <tr>
          <th scope="col" className={headClass}>Name</th>
          <th scope="col" className={`${headClass} hidden sm:table-cell`}>Kind</th>
          <th scope="col" className={`${headClass} text-right`}>Versions</th>
          <th scope="col" className={headClass}>Aliases</th>
          <th scope="col" className={`${headClass} hidden md:table-cell`}>Schedule</th>
        </tr>
      </thead>
      <tbody>
        {models.map(({ name, guidanceRole, versions, aliases, scheduleDigest }) => (
          <tr key={name} className="hover:bg-raised">
            <th scope="row" className={`${cellClass} font-normal`}>
              <Link to="/models/$model" params={{ model: name }} className="font-medium hover:text-accent hover:underline">
                {name}
              </Link>
            </th>
            <td className={`${cellClass} hidden text-ink-2 sm:table-cell`}>{guidanceRole === 'denoiser' ? 'denoiser' : 'noisy classifier'}</td>
            <td className={`${cellClass} text-right`}>{formatCount(versions)}</td>
            <td className={`${cellClass} !whitespace-normal`}>
              <span className="flex flex-wrap gap-1 py-1">
                {Object.entries(aliases).map(([alias, version]) => (
                  <AliasTag key={alias} alias={alias} version={version} />
                ))}
              </span>
            </td>
            <td className={`${cellClass} hidden md:table-cell`}>
              <code className="font-mono text-xs text-ink-3">{shortDigest(scheduleDigest)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NoModels() {
  return <StateNote title="No models yet">A checkpoint becomes a version of a model: open a run, then Checkpoints, then “Register as model”.</StateNote>;
}
