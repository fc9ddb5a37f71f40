import type { ModelDetail } from '@langevin/contracts/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { moveAlias } from '../../api/actions.js';
import { modelQuery, modelsQuery } from '../../api/queries.js';
import { ActionError } from '../../ui/action-error.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, controlClass } from '../../ui/field.js';

/** Properties of the dialog. */
export interface PromoteDialogProps {
  readonly model: ModelDetail;
  readonly version: number;
  readonly onClose: () => void;
}

/** Points an alias at a version, after saying from where to where. A move by someone else in the meantime is noticed, not overwritten. */
export function PromoteDialog({ model, version, onClose }: PromoteDialogProps) {
  const [form, setForm] = useState({ alias: 'production', reason: '' });
  const cache = useQueryClient();
  const list = useId();
  const current = model.aliases.find(({ alias }) => alias === form.alias);
  const move = useMutation({
    mutationFn: () => moveAlias(model.name, form.alias, { version, ifCurrent: current?.version ?? null, ...(form.reason !== '' && { reason: form.reason }) }),
    onSuccess: (data) => {
      cache.setQueryData(modelQuery(model.name).queryKey, data);
      void cache.invalidateQueries({ queryKey: modelsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={`Promote version ${version}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          move.mutate();
        }}
      >
        <Field label="Alias" hint={`People pull it as ${model.name}@${form.alias || 'ALIAS'}.`}>
          {(control) => (
            <>
              <input {...control} required list={list} className={controlClass} value={form.alias} onChange={(event) => setForm({ ...form, alias: event.target.value })} />
              <datalist id={list}>
                {model.aliases.map(({ alias }) => (
                  <option key={alias} value={alias} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Reason" hint="Kept in the history. May be left empty.">
          {(control) => <input {...control} className={controlClass} value={form.reason} onChange={(event) => setForm({ ...form, reason: event.target.value })} />}
        </Field>
        <p className="rounded-md bg-raised px-3 py-2">
          {current ? (
            <>
              <strong className="font-semibold">{form.alias}</strong> moves from version {current.version} to {version}. Everyone who pulls it gets version {version} from now on.
            </>
          ) : (
            <>
              <strong className="font-semibold">{form.alias || '…'}</strong> is a new alias. It points at version {version}.
            </>
          )}
        </p>
        <ActionError error={move.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" type="submit" disabled={move.isPending || current?.version === version}>
            {current?.version === version ? 'It is there already' : 'Promote'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
