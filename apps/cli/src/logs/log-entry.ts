import type { MetricPoint, RunEvent, RunEventKind, RunPhase } from '@langevin/contracts/api';

/** What was recorded of one step. `time` is null where nobody knows it. */
export type LogPoint = Omit<MetricPoint, 'time'> & { readonly time: string | null };

/** How the training stands at a step. */
export interface ProgressEntry extends LogPoint {
  readonly kind: 'progress';
}

/** What is no event of the run: why it waits, how it ended without one, and that the coordinator went or came. */
export interface NoticeEntry {
  readonly kind: RunPhase | 'disconnected' | 'reconnected';
  readonly time: string;
  readonly step: number;
  readonly text: string;
}

/** One line of a log. */
export type LogEntry = RunEvent | ProgressEntry | NoticeEntry;

/** What a run has behind it: events by number, points by step, superseded ones left out. */
export interface RunHistory {
  readonly events: readonly RunEvent[];
  readonly points: readonly LogPoint[];
}

/** Whether the run has ended with it. */
export function isEnd(kind: string): boolean {
  return kind === 'succeeded' || kind === 'failed' || kind === 'cancelled';
}

/** Whether an attempt began with it. */
export function isBeginning(kind: RunEventKind): boolean {
  return kind === 'started' || kind === 'resumed';
}
