import { useMutation } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { verifyCheckpoint } from '../../api/actions.js';
import { Button } from '../../ui/button.js';

/** Reads every byte of a checkpoint, and says whether all are right. */
export function VerifyButton({ digest, step }: { readonly digest: string; readonly step: number }) {
  const verify = useMutation({ mutationFn: () => verifyCheckpoint(digest) });
  const problem = verify.error?.message ?? verify.data?.problems[0];
  return (
    <span role="status">
      {verify.data?.ok === true ? (
        <span className="inline-flex items-center gap-1.5 text-ok" title="Every file was read, and is as it was written.">
          <ShieldCheck size={15} aria-hidden />
          undamaged
        </span>
      ) : problem !== undefined ? (
        <span className="inline-flex items-center gap-1.5 text-bad" title={problem}>
          <ShieldAlert size={15} aria-hidden />
          damaged
          <span className="sr-only">: {problem}</span>
        </span>
      ) : (
        <Button look="bare" className="-ml-2.5" disabled={verify.isPending} aria-label={`Verify step ${step}`} onClick={() => verify.mutate()}>
          {verify.isPending ? 'Reading…' : 'Verify'}
        </Button>
      )}
    </span>
  );
}
