import { useMutation } from '@tanstack/react-query';
import { cancelRun } from '../api/actions.js';
import { ActionError } from '../ui/action-error.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';

/** Asks before a run is ended. */
export function CancelDialog({ run, onClose }: { readonly run: string; readonly onClose: () => void }) {
  const cancel = useMutation({ mutationFn: () => cancelRun(run), onSuccess: onClose });
  return (
    <Dialog title={`Cancel ${run}?`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>Training ends now. The checkpoints stay, and the run can be resumed from each of them.</p>
        <ActionError error={cancel.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Go on training</Button>
          <Button look="danger" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel the run
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
