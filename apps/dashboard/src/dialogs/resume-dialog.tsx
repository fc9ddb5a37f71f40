import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { resumeRun } from '../api/actions.js';
import { checkpointsQuery } from '../api/queries.js';
import { CheckpointSelect } from './checkpoint-select.js';
import { DialogButtons } from '../ui/dialog-buttons.js';
import { Dialog } from '../ui/dialog.js';

/** Properties of the dialog. */
export interface ResumeDialogProps {
  readonly run: string;
  /** Digest of the checkpoint that is chosen at first. @default the newest */
  readonly checkpoint?: string;
  readonly onClose: () => void;
}

/** Lets a run go on. */
export function ResumeDialog({ run, checkpoint = '', onClose }: ResumeDialogProps) {
  const [from, setFrom] = useState(checkpoint);
  const { data: checkpoints = [] } = useQuery(checkpointsQuery(run));
  const resume = useMutation({ mutationFn: () => resumeRun(run, from === '' ? undefined : from), onSuccess: onClose });
  return (
    <Dialog title={`Resume ${run}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          resume.mutate();
        }}
      >
        <p>Training goes on with the same spec. Steps after the checkpoint are computed again, and replace the old ones on the curves.</p>
        <CheckpointSelect checkpoints={checkpoints} value={from} onChange={setFrom} />
        <DialogButtons action="Resume" disabled={resume.isPending} error={resume.error} onClose={onClose} />
      </form>
    </Dialog>
  );
}
