import type { NodeInfo } from '@langevin/contracts/api';
import { useMutation } from '@tanstack/react-query';
import { drainNode } from '../../api/actions.js';
import { DialogButtons } from '../../ui/dialog-buttons.js';
import { Dialog } from '../../ui/dialog.js';

/** Properties of the dialog. */
export interface DrainDialogProps {
  readonly node: NodeInfo;
  /** Whether nobody else works on its job. */
  readonly isLast: boolean;
  readonly onClose: () => void;
}

/** Asks before a trainer is let go. */
export function DrainDialog({ node: { name, job }, isLast, onClose }: DrainDialogProps) {
  const drain = useMutation({ mutationFn: () => drainNode(name), onSuccess: onClose });
  return (
    <Dialog title={`Drain ${name}?`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>{job === null ? 'It leaves the cluster, and its process ends.' : 'It ends its part of the running step, gives its work to the others and leaves; then its process ends. Nothing is lost.'}</p>
        {job !== null && isLast && <p>Nobody else works on {job}: a checkpoint is stored first, and the run then waits for another trainer.</p>}
        <DialogButtons action="Drain the trainer" look="danger" closing="Keep it" disabled={drain.isPending} error={drain.error} onClose={onClose} onAction={() => drain.mutate()} />
      </div>
    </Dialog>
  );
}
