import { useMutation } from '@tanstack/react-query';
import { cancelRun } from '../api/actions.js';
import { DialogButtons } from '../ui/dialog-buttons.js';
import { Dialog } from '../ui/dialog.js';

/** Asks before a run is ended. */
export function CancelDialog({ run, onClose }: { readonly run: string; readonly onClose: () => void }) {
  const cancel = useMutation({ mutationFn: () => cancelRun(run), onSuccess: onClose });
  return (
    <Dialog title={`Cancel ${run}?`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>Training ends now. The checkpoints stay, and the run can be resumed from each of them.</p>
        <DialogButtons
          action="Cancel the run"
          look="danger"
          closing="Go on training"
          disabled={cancel.isPending}
          error={cancel.error}
          onClose={onClose}
          onAction={() => cancel.mutate()}
        />
      </div>
    </Dialog>
  );
}
