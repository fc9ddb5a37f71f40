import type { CheckpointInfo } from '@langevin/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { checkpointsQuery } from '../../api/queries.js';
import { ForkDialog } from '../../dialogs/fork-dialog.js';
import { RegisterDialog } from '../../dialogs/register-dialog.js';
import { ResumeDialog } from '../../dialogs/resume-dialog.js';
import { formatBytes, formatCount } from '../../format/numbers.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { StateNote } from '../../ui/state-note.js';
import type { CheckpointAction } from './checkpoint-menu.js';
import { CheckpointsTable } from './checkpoints-table.js';
import { FilesDialog } from './files-dialog.js';

/** The checkpoints of a run. */
export function CheckpointsPage() {
  const { run } = useParams({ from: '/runs/$run/checkpoints' });
  const query = useQuery(checkpointsQuery(run));
  const [open, setOpen] = useState<{ readonly action: CheckpointAction; readonly checkpoint: CheckpointInfo }>();
  const close = () => setOpen(undefined);
  return (
    <>
      <Panel title="Checkpoints" note={query.data && query.data.length > 0 ? total(query.data) : undefined} flush>
        <QueryView query={query} loading={<SkeletonRows />}>
          {(checkpoints) =>
            checkpoints.length === 0 ? (
              <StateNote title="No checkpoint yet">The first is written when the run reaches its first checkpoint step.</StateNote>
            ) : (
              <CheckpointsTable checkpoints={checkpoints} onAction={(action, checkpoint) => setOpen({ action, checkpoint })} />
            )
          }
        </QueryView>
      </Panel>
      {open?.action === 'files' && <FilesDialog checkpoint={open.checkpoint} onClose={close} />}
      {open?.action === 'resume' && <ResumeDialog run={run} checkpoint={open.checkpoint.digest} onClose={close} />}
      {open?.action === 'fork' && <ForkDialog run={run} checkpoint={open.checkpoint.digest} onClose={close} />}
      {open?.action === 'register' && <RegisterDialog run={run} checkpoint={open.checkpoint} onClose={close} />}
    </>
  );
}

function total(checkpoints: readonly CheckpointInfo[]): string {
  return `${formatCount(checkpoints.length)} · ${formatBytes(checkpoints.reduce((sum, { bytes }) => sum + bytes, 0))}`;
}
