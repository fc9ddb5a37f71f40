import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { forkRun } from '../api/actions.js';
import { checkpointsQuery } from '../api/queries.js';
import { ActionError } from '../ui/action-error.js';
import { Button } from '../ui/button.js';
import { CheckpointSelect } from './checkpoint-select.js';
import { Dialog } from '../ui/dialog.js';
import { Field, controlClass } from '../ui/field.js';

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
        <Field label="Name of the new run">
          {(control) => <input {...control} required className={controlClass} value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} />}
        </Field>
        <CheckpointSelect checkpoints={checkpoints} value={form.from} onChange={(from) => setForm({ ...form, from })} />
        <Field label="Changed values" hint="One a line, such as training.steps=2000. Left empty: the same spec.">
          {(control) => (
            <textarea
              {...control}
              rows={3}
              spellCheck={false}
              className={`${controlClass} !h-auto py-1.5 font-mono text-xs`}
              value={form.set}
              onChange={(event) => setForm({ ...form, set: event.target.value })}
            />
          )}
        </Field>
        <ActionError error={fork.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" type="submit" disabled={fork.isPending}>
            Fork
          </Button>
        </div>
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
