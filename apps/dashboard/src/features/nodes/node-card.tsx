import type { NodeInfo } from '@langevin/contracts/api';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { formatBytes } from '../../format/numbers.js';
import { formatSpan } from '../../format/times.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { DrainDialog } from './drain-dialog.js';
import { StepBar } from './step-bar.js';
import type { StepTimes } from './step-history.js';
import { StepTrace } from './step-trace.js';

const tones: Record<NodeInfo['state'], string> = { idle: 'bg-ink-3', preparing: 'bg-warn', joining: 'bg-warn', computing: 'bg-accent', waiting: 'bg-ok', draining: 'bg-bad' };

/** Silence after which it is shown, in milliseconds; heartbeats come four times a second. */
const silentMs = 2000;

/** Properties of the card. */
export interface NodeCardProps {
  readonly node: NodeInfo;
  /** Whether the others wait for it. */
  readonly isSlow: boolean;
  /** Of all trainers. */
  readonly longestMs: number;
  /** Its last steps, the newest last. */
  readonly steps: readonly StepTimes[];
  /** Whether nobody else works on its job. */
  readonly isLast: boolean;
}

/** One trainer. */
export function NodeCard({ node, isSlow, longestMs, steps, isLast }: NodeCardProps) {
  const [isDraining, setDraining] = useState(false);
  const { name, address, state, backend, cpuModel, threads, memoryBytes, lastSeenMs, waitsFor } = node;
  return (
    <li className="relative grid items-center gap-x-6 gap-y-2 border-b border-line px-3 py-3 last:border-b-0 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1.2fr)_minmax(0,1.6fr)_4.5rem]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 pr-20 md:pr-0">
          <span aria-hidden="true" className={classNames('size-2 shrink-0 rounded-full', tones[state])} />
          <span className="truncate font-medium">{name}</span>
          <span className="min-w-0 text-ink-3">{waitsFor.length > 0 ? `waiting for ${waitsFor.join(', ')}` : state}</span>
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
        <NodeWork node={node} longestMs={longestMs} steps={steps} />
      </div>
      <div className="absolute top-2.5 right-3 md:static md:justify-self-end">
        {state !== 'draining' && (
          <Button aria-label={`Drain ${name}`} onClick={() => setDraining(true)}>
            Drain
          </Button>
        )}
      </div>
      {isDraining && <DrainDialog node={node} isLast={isLast} onClose={() => setDraining(false)} />}
    </li>
  );
}

/** What it works on, and where its steps go. */
function NodeWork({ node: { job, state, virtualWorkers, stepMs }, longestMs, steps }: Pick<NodeCardProps, 'node' | 'longestMs' | 'steps'>) {
  if (job === null) return <span className="text-ink-3">waits for a job</span>;
  return (
    <div className="flex flex-col gap-1">
      <div className="truncate">
        <Link to="/runs/$run" params={{ run: job }} className="hover:text-accent hover:underline">
          {job}
        </Link>
        <span className="text-ink-3">
          {' '}
          · {state === 'joining' ? 'about to take part' : `${virtualWorkers} virtual ${virtualWorkers === 1 ? 'worker' : 'workers'}`}
        </span>
      </div>
      {stepMs && <StepBar stepMs={stepMs} longestMs={longestMs} />}
      {steps.length > 1 && <StepTrace steps={steps} />}
    </div>
  );
}
