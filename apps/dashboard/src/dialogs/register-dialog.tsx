import type { CheckpointInfo } from '@langevin/contracts/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { registerVersion } from '../api/actions.js';
import { checkpointsQuery, modelsQuery } from '../api/queries.js';
import { formatCount } from '../format/numbers.js';
import { ActionError } from '../ui/action-error.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, controlClass } from '../ui/field.js';

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
  const list = useId();
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
        <Field label="Model" hint={known ? `It becomes version ${known.latest + 1}.` : 'A new model: it becomes version 1.'}>
          {(control) => (
            <>
              <input {...control} required list={list} className={controlClass} value={form.model} onChange={(event) => setForm({ ...form, model: event.target.value })} />
              <datalist id={list}>
                {models.map(({ name }) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Note" hint="What is special about it. May be left empty.">
          {(control) => (
            <textarea {...control} rows={2} className={`${controlClass} !h-auto py-1.5`} value={form.note} onChange={(event) => setForm({ ...form, note: event.target.value })} />
          )}
        </Field>
        <Field label="Licence" hint="Of the weights, such as CC-BY-SA-3.0. May be left empty.">
          {(control) => <input {...control} className={controlClass} value={form.license} onChange={(event) => setForm({ ...form, license: event.target.value })} />}
        </Field>
        <ActionError error={register.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" type="submit" disabled={register.isPending}>
            Register
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
