import type { RunDetail } from '@langevin/contracts/api';
import type { ReactNode } from 'react';
import { formatCount, formatValue } from '../../format/numbers.js';
import { formatSpan } from '../../format/times.js';
import { Age } from '../../ui/age.js';
import { MessageText } from '../../ui/error-text.js';
import { plainWords } from '../../ui/plain-words.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import { remainingMs } from './remaining-time.js';
import { runNote } from './run-note.js';
import { StallNote } from './stall-note.js';

/** The state of a run in one line of figures. */
export function RunFacts({ run }: { readonly run: RunDetail }) {
  const left = remainingMs(run);
  const note = runNote(run);
  const share = run.totalSteps > 0 ? run.step / run.totalSteps : 0;
  return (
    <div className="rounded-lg border border-line bg-surface">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 px-3 py-2 sm:grid-cols-3 lg:grid-cols-[1.6fr_repeat(5,1fr)]">
        <Fact label="Step" className="col-span-2 sm:col-span-1">
          {formatCount(run.step)} <span className="text-ink-3">of {formatCount(run.totalSteps)}</span>
          {left !== null && <span className="text-ink-3"> · {formatSpan(left)} left</span>}
        </Fact>
        <Fact label="Loss">{run.loss === null ? '–' : formatValue(run.loss)}</Fact>
        <Fact label="Images/s">{run.imagesPerSecond > 0 ? formatCount(run.imagesPerSecond) : '–'}</Fact>
        <Fact label="Trainers">
          <span title={run.trainers.join(', ')}>{run.trainers.length === 0 ? '–' : run.trainers.length}</span>
        </Fact>
        <Fact label="Checkpoints">{formatCount(run.checkpoints)}</Fact>
        <Fact label="Updated">
          <Age time={run.updatedAt} />
        </Fact>
      </dl>
      <div className="px-3 pb-2">
        <ProgressBar value={share} label="Steps done" />
      </div>
      {run.stall && <StallNote stall={run.stall} />}
      {note !== '' && (
        <p className="border-t border-line px-3 py-2 text-ink-2">
          <MessageText text={plainWords(note)} />
        </p>
      )}
    </div>
  );
}

function Fact({ label, className = '', children }: { readonly label: string; readonly className?: string; readonly children: ReactNode }) {
  return (
    <div className={`min-w-0 ${className}`}>
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className="truncate font-medium">{children}</dd>
    </div>
  );
}
