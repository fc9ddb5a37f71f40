import type { ModelDetail, ModelVersionInfo } from '@langevin/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { modelQuery } from '../../api/queries.js';
import { RequestError } from '../../api/request-error.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { StateNote } from '../../ui/state-note.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { AliasesPanel } from './aliases-panel.js';
import { AuditPanel } from './audit-panel.js';
import { PromoteDialog } from './promote-dialog.js';
import { VersionCard } from './version-card.js';

/** A model: its versions with where they come from, its aliases, who moved them. */
export function ModelPage() {
  const { model } = useParams({ from: '/models/$model' });
  usePageTitle(model);
  const query = useQuery(modelQuery(model));
  const navigate = useNavigate();
  const [promoting, setPromoting] = useState<ModelVersionInfo>();
  if (query.error instanceof RequestError && query.error.status === 404 && !query.data) return <UnknownModel model={model} />;
  const newest = query.data?.versions[0];
  return (
    <div className="flex flex-col gap-4">
      <div className="flex min-h-7 flex-wrap items-center gap-3">
        <h1 className="text-xl font-semibold tracking-tight">{model}</h1>
        {newest && <span className="text-ink-2">{newest.guidanceRole === 'denoiser' ? 'denoiser' : 'noisy classifier'}</span>}
        {newest?.guidanceRole === 'denoiser' && (
          <Button look="primary" className="ml-auto" onClick={() => void navigate({ to: '.', search: (old) => ({ ...old, draw: `model:${model}:${newest.version}` }) })}>
            <Sparkles size={14} aria-hidden />
            Sample now
          </Button>
        )}
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <Panel title="Versions" flush>
          <QueryView query={query} loading={<SkeletonRows />}>
            {(data: ModelDetail) => (
              <ol>
                {data.versions.map((version) => (
                  <VersionCard key={version.version} model={data} version={version} onPromote={() => setPromoting(version)} />
                ))}
              </ol>
            )}
          </QueryView>
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          <AliasesPanel query={query} />
          <AuditPanel query={query} />
        </div>
      </div>
      {promoting && query.data && <PromoteDialog model={query.data} version={promoting.version} onClose={() => setPromoting(undefined)} />}
    </div>
  );
}

function UnknownModel({ model }: { readonly model: string }) {
  return (
    <StateNote
      isPage
      title={`The registry has no model "${model}"`}
      actions={
        <Link to="/models" className={buttonClass()}>
          All models
        </Link>
      }
    />
  );
}
