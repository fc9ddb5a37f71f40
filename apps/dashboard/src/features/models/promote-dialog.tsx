import type { ModelDetail } from '@langevin/contracts/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moveAlias } from '../../api/actions.js';
import { modelQuery, modelsQuery } from '../../api/queries.js';
import { DialogButtons } from '../../ui/dialog-buttons.js';
import { Dialog } from '../../ui/dialog.js';
import { TextField } from '../../ui/text-field.js';

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
        <TextField
          label="Alias"
          hint={`People pull it as ${model.name}@${form.alias || 'ALIAS'}.`}
          required
          known={model.aliases.map(({ alias }) => alias)}
          value={form.alias}
          onChange={(alias) => setForm({ ...form, alias })}
        />
        <TextField label="Reason" hint="Kept in the history. May be left empty." value={form.reason} onChange={(reason) => setForm({ ...form, reason })} />
        <Move alias={form.alias} from={current?.version} to={version} />
        <DialogButtons
          action={current?.version === version ? 'It is there already' : 'Promote'}
          disabled={move.isPending || current?.version === version}
          error={move.error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

/** What will happen, before it does. */
function Move({ alias, from, to }: { readonly alias: string; readonly from: number | undefined; readonly to: number }) {
  return (
    <p className="rounded-md bg-raised px-3 py-2">
      <strong className="font-semibold">{alias || '…'}</strong>{' '}
      {from === undefined ? `is a new alias. It points at version ${to}.` : `moves from version ${from} to ${to}. Everyone who pulls it gets version ${to} from now on.`}
    </p>
  );
}
