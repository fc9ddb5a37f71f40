import type { NodeInfo } from '@langevin/contracts/api';
import { Link } from '@tanstack/react-router';
import { formatBytes } from '../../format/numbers.js';
import { formatSpan } from '../../format/times.js';
import { classNames } from '../../ui/class-names.js';
import { StepBar } from './step-bar.js';

const tones: Record<NodeInfo['state'], string> = { idle: 'bg-ink-3', preparing: 'bg-warn', computing: 'bg-accent', waiting: 'bg-ok' };

/** Silence after which it is shown, in milliseconds; heartbeats come four times a second. */
const silentMs = 2000;

/** Properties of the card. */
export interface NodeCardProps {
  readonly node: NodeInfo;
  /** Whether the others wait for it. */
  readonly isSlow: boolean;
  /** Of all trainers. */
  readonly longestMs: number;
}

/** One trainer. */
export function NodeCard({ node, isSlow, longestMs }: NodeCardProps) {
  const { name, address, state, backend, cpuModel, threads, memoryBytes, virtualWorkers, job, lastSeenMs, stepMs } = node;
  return (
    <li className="grid items-center gap-x-6 gap-y-2 border-b border-line px-3 py-3 last:border-b-0 md:grid-cols-[minmax(0,1.1fr)_minmax(0,1.3fr)_minmax(0,1.6fr)]">
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <span aria-hidden="true" className={classNames('size-2 shrink-0 rounded-full', tones[state])} />
          <span className="truncate font-medium">{name}</span>
          <span className="text-ink-3">{state}</span>
          {isSlow && <span className="rounded border border-current px-1 text-xs text-warn">slow: the others wait</span>}
          {lastSeenMs > silentMs && <span className="text-xs text-bad">silent for {formatSpan(lastSeenMs)}</span>}
        </div>
        <div className="truncate font-mono text-xs text-ink-3">{address}</div>
      </div>
      <div className="min-w-0 text-ink-2">
        <div className="truncate" title={cpuModel}>
          {backend} · {threads} {threads === 1 ? 'thread' : 'threads'}
          {memoryBytes > 0 && ` · ${formatBytes(memoryBytes)}`}
        </div>
        <div className="truncate text-xs text-ink-3">{cpuModel}</div>
      </div>
      <div className="min-w-0">
        {job === null ? (
          <span className="text-ink-3">waits for a job</span>
        ) : (
          <div className="flex flex-col gap-1">
            <div className="truncate">
              <Link to="/runs/$run" params={{ run: job }} className="hover:text-accent hover:underline">
                {job}
              </Link>
              <span className="text-ink-3">
                {' '}
                · {virtualWorkers} virtual {virtualWorkers === 1 ? 'worker' : 'workers'}
              </span>
            </div>
            {stepMs && <StepBar stepMs={stepMs} longestMs={longestMs} />}
          </div>
        )}
      </div>
    </li>
  );
}
