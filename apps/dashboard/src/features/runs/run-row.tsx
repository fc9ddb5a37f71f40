import type { RunSummary } from '@langevin/contracts/api';
import { Link } from '@tanstack/react-router';
import { GitFork } from 'lucide-react';
import { memo } from 'react';
import { formatCount, formatValue } from '../../format/numbers.js';
import { Age } from '../../ui/age.js';
import { classNames } from '../../ui/class-names.js';
import { PhaseBadge } from '../../ui/phase-badge.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import { cellClass } from '../../ui/table-classes.js';

/** Properties of a row. */
export interface RunRowProps {
  readonly run: RunSummary;
  readonly index: number;
  readonly picked: boolean;
  readonly onPick: (name: string) => void;
}

/** A run in the table. */
export const RunRow = memo(function RunRow({ run, index, picked, onPick }: RunRowProps) {
  const number = 'text-right';
  return (
    <tr aria-rowindex={index + 2} className={classNames('h-10 hover:bg-raised', picked && 'bg-accent-soft')}>
      <td className={`${cellClass} hidden !pr-0 md:table-cell`}>
        <input type="checkbox" aria-label={`Compare ${run.name}`} checked={picked} onChange={() => onPick(run.name)} className="block size-4 accent-accent" />
      </td>
      <th scope="row" className={`${cellClass} max-w-0 font-normal`}>
        <span className="flex items-center gap-2">
          <Link to="/runs/$run" params={{ run: run.name }} data-row={index} className="truncate rounded-sm font-medium hover:text-accent hover:underline">
            {run.name}
          </Link>
          {run.guidanceRole === 'noisy-classifier' && <span className="shrink-0 rounded border border-line px-1 text-xs text-ink-3">classifier</span>}
          {run.forkOf !== undefined && <GitFork size={13} className="shrink-0 text-ink-3" aria-label="fork" />}
        </span>
      </th>
      <td className={cellClass} title={run.reason}>
        <PhaseBadge phase={run.phase} />
      </td>
      <td className={`${cellClass} hidden sm:table-cell`}>
        <span className="flex items-center gap-3">
          <span className="w-14 shrink-0">
            <ProgressBar value={run.totalSteps > 0 ? run.step / run.totalSteps : 0} label={`Progress of ${run.name}`} />
          </span>
          <span>
            {formatCount(run.step)}
            <span className="text-ink-3"> / {formatCount(run.totalSteps)}</span>
          </span>
        </span>
      </td>
      <td className={`${cellClass} ${number}`}>{run.loss === null ? '–' : formatValue(run.loss)}</td>
      <td className={`${cellClass} ${number} hidden lg:table-cell`}>{run.imagesPerSecond > 0 ? formatCount(run.imagesPerSecond) : '–'}</td>
      <td className={`${cellClass} ${number} hidden lg:table-cell`}>{formatCount(run.checkpoints)}</td>
      <td className={`${cellClass} ${number} hidden xl:table-cell`}>{run.trainers.length}</td>
      <td className={`${cellClass} hidden truncate text-ink-2 xl:table-cell`}>{run.dataset}</td>
      <td className={`${cellClass} ${number} hidden text-ink-2 md:table-cell`}>
        <Age time={run.updatedAt} />
      </td>
    </tr>
  );
});
