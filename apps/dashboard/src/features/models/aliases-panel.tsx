import type { ModelDetail } from '@langevin/contracts/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { rollbackAlias } from '../../api/actions.js';
import { modelQuery, modelsQuery } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { CopyText } from '../../ui/copy-text.js';
import { DialogButtons } from '../../ui/dialog-buttons.js';
import { Dialog } from '../../ui/dialog.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { AliasTag } from './alias-tag.js';

/** Where the aliases point, and the way back. */
export function AliasesPanel({ query }: { readonly query: UseQueryResult<ModelDetail> }) {
  const [asking, setAsking] = useState<string>();
  return (
    <Panel title="Aliases" flush>
      <QueryView query={query} loading={<SkeletonRows rows={2} />}>
        {(model) => (
          <>
            <ul>
              {model.aliases.map(({ alias, version }) => (
                <li key={alias} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
                  <AliasTag alias={alias} version={version} />
                  <CopyText what={`command that pulls ${alias}`} text={`npx langevin model pull ${model.name}@${alias}`} />
                  <Button look="bare" className="ml-auto" aria-label={`Roll back ${alias}`} onClick={() => setAsking(alias)}>
                    <Undo2 size={14} aria-hidden />
                    Roll back
                  </Button>
                </li>
              ))}
              {model.aliases.length === 0 && <li className="px-3 py-6 text-center text-ink-3">None yet. Promote a version to make one.</li>}
            </ul>
            {asking !== undefined && <RollbackDialog model={model.name} alias={asking} onClose={() => setAsking(undefined)} />}
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function RollbackDialog({ model, alias, onClose }: { readonly model: string; readonly alias: string; readonly onClose: () => void }) {
  const cache = useQueryClient();
  const rollback = useMutation({
    mutationFn: () => rollbackAlias(model, alias),
    onSuccess: (data) => {
      cache.setQueryData(modelQuery(model).queryKey, data);
      void cache.invalidateQueries({ queryKey: modelsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={`Roll ${alias} back?`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>It points again at the version that it pointed at before its last promotion. No version is deleted.</p>
        <DialogButtons action="Roll back" disabled={rollback.isPending} error={rollback.error} onClose={onClose} onAction={() => rollback.mutate()} />
      </div>
    </Dialog>
  );
}
