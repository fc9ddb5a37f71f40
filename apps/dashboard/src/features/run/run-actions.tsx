import type { RunDetail } from '@langevin/contracts/api';
import { useNavigate } from '@tanstack/react-router';
import { GitFork, Play, Sparkles, Square } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../../ui/button.js';
import { CancelDialog } from '../../dialogs/cancel-dialog.js';
import { ForkDialog } from '../../dialogs/fork-dialog.js';
import { ResumeDialog } from '../../dialogs/resume-dialog.js';

/** What can be done with a run, as its phase allows. */
export function RunActions({ run }: { readonly run: RunDetail }) {
  const [open, setOpen] = useState<'cancel' | 'resume' | 'fork'>();
  const navigate = useNavigate();
  const why = useId();
  const close = () => setOpen(undefined);
  const isActive = run.phase === 'queued' || run.phase === 'starting' || run.phase === 'running';
  const hasCheckpoint = run.checkpoints > 0;
  return (
    <>
      {run.guidanceRole === 'denoiser' && hasCheckpoint && (
        <Button look="primary" onClick={() => void navigate({ to: '.', search: (old) => ({ ...old, draw: `run:${run.name}` }) })}>
          <Sparkles size={14} aria-hidden />
          Sample now
        </Button>
      )}
      {!isActive && run.phase !== 'succeeded' && (
        <>
          {!hasCheckpoint && (
            <span id={why} className="self-center text-xs text-ink-3">
              No checkpoint to go on from
            </span>
          )}
          <Button disabled={!hasCheckpoint} aria-describedby={hasCheckpoint ? undefined : why} onClick={() => setOpen('resume')}>
            <Play size={14} aria-hidden />
            Resume
          </Button>
        </>
      )}
      {hasCheckpoint && (
        <Button onClick={() => setOpen('fork')}>
          <GitFork size={14} aria-hidden />
          Fork
        </Button>
      )}
      {isActive && (
        <Button look="danger" onClick={() => setOpen('cancel')}>
          <Square size={13} aria-hidden />
          Cancel
        </Button>
      )}
      {open === 'cancel' && <CancelDialog run={run.name} onClose={close} />}
      {open === 'resume' && <ResumeDialog run={run.name} onClose={close} />}
      {open === 'fork' && <ForkDialog run={run.name} onClose={close} />}
    </>
  );
}
