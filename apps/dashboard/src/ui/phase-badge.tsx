import type { RunPhase } from '@langevin/contracts/api';
import { classNames } from './class-names.js';

const tones: Record<RunPhase, string> = {
  queued: 'bg-ink-3',
  starting: 'bg-warn',
  running: 'bg-accent animate-pulse',
  succeeded: 'bg-ok',
  failed: 'bg-bad',
  cancelled: 'bg-ink-3',
  stopped: 'bg-warn',
};

/** Where a run stands: a dot and a word. */
export function PhaseBadge({ phase }: { readonly phase: RunPhase }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink-2">
      <span aria-hidden="true" className={classNames('size-2 rounded-full', tones[phase])} />
      {phase}
    </span>
  );
}
