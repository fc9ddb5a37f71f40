import type { CheckpointInfo } from '@langevin/contracts/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { registerVersion } from '../api/actions.js';
import { checkpointsQuery, modelsQuery } from '../api/queries.js';
import { formatCount } from '../format/numbers.js';
import { DialogButtons } from '../ui/dialog-buttons.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';

/** Properties of the dialog. */
export interface RegisterDialogProps {
  readonly run: string;
  readonly checkpoint: CheckpointInfo;
  readonly onClose: () => void;
}

/** Makes a checkpoint the next version of a model. */
export function RegisterDialog({ run, checkpoint, onClose }: RegisterDialogProps) {
  const [form, setForm] = useState({ model: checkpoint.versions[0]?.model ?? run, note: '', license: '' });
  const { data: models = [] } = useQuery(modelsQuery);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const known = models.find(({ name }) => name === form.model);
  const register = useMutation({
    mutationFn: () =>
      registerVersion(form.model, {
        checkpoint: checkpoint.digest,
        ...(form.note !== '' && { note: form.note }),
        ...(form.license !== '' && { license: form.license }),
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: checkpointsQuery(run).queryKey });
      await navigate({ to: '/models/$model', params: { model: form.model } });
      onClose();
    },
  });
  return (
    <Dialog title={`Register step ${formatCount(checkpoint.step)}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          register.mutate();
        }}
      >
        <TextField
          label="Model"
          hint={known ? `It becomes version ${known.latest + 1}.` : 'A new model: it becomes version 1.'}
          required
          known={models.map(({ name }) => name)}
          value={form.model}
          onChange={(model) => setForm({ ...form, model })}
        />
        <TextField label="Note" hint="What is special about it. May be left empty." rows={2} value={form.note} onChange={(note) => setForm({ ...form, note })} />
        <TextField label="Licence" hint="Of the weights, such as CC-BY-SA-3.0. May be left empty." value={form.license} onChange={(license) => setForm({ ...form, license })} />
        <DialogButtons action="Register" disabled={register.isPending} error={register.error} onClose={onClose} />
      </form>
    </Dialog>
  );
}
