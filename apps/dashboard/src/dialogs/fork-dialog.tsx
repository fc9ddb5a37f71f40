import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { forkRun } from '../api/actions.js';
import { checkpointsQuery } from '../api/queries.js';
import { CheckpointSelect } from './checkpoint-select.js';
import { DialogButtons } from '../ui/dialog-buttons.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';

/** Properties of the dialog. */
export interface ForkDialogProps {
  readonly run: string;
  /** Digest of the checkpoint that is chosen at first. @default the newest */
  readonly checkpoint?: string;
  readonly onClose: () => void;
}

/** Begins a new run at a checkpoint, with other values if wanted. */
export function ForkDialog({ run, checkpoint = '', onClose }: ForkDialogProps) {
  const [form, setForm] = useState({ name: `${run}-fork`, from: checkpoint, set: '' });
  const navigate = useNavigate();
  const { data: checkpoints = [] } = useQuery(checkpointsQuery(run));
  const fork = useMutation({
    mutationFn: () => forkRun(run, { name: form.name, ...(form.from !== '' && { from: form.from }), set: lines(form.set) }),
    onSuccess: ({ name }) => navigate({ to: '/runs/$run', params: { run: name } }).then(onClose),
  });
  return (
    <Dialog title={`Fork ${run}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          fork.mutate();
        }}
      >
        <TextField label="Name of the new run" required value={form.name} onChange={(name) => setForm({ ...form, name })} />
        <CheckpointSelect checkpoints={checkpoints} value={form.from} onChange={(from) => setForm({ ...form, from })} />
        <TextField label="Changed values" hint="One a line, such as training.steps=2000. Left empty: the same spec." rows={3} value={form.set} onChange={(set) => setForm({ ...form, set })} />
        <DialogButtons action="Fork" disabled={fork.isPending} error={fork.error} onClose={onClose} />
      </form>
    </Dialog>
  );
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
