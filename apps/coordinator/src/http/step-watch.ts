import type { ClusterState, Job } from '@langevin/cluster-core';

/** A step that takes too long, or a checkpoint. */
export interface Stall {
  readonly jobId: string;
  readonly what: 'step' | 'checkpoint';
  readonly step: number;
  /** Milliseconds of the clock at which it began. */
  readonly beganMs: number;
  /** The time of day then. */
  readonly since: Date;
  /** How long it usually takes, in ms; null while nobody knows. */
  readonly usualMs: number | null;
}

/** Something that has come to its end. */
export interface Finished {
  readonly what: Stall['what'];
  readonly step: number;
  readonly tookMs: number;
}

/** How many of the last count. */
const remembered = 32;
/** Fewer say nothing about what is usual. */
const enough = 3;
/** How many times as long as usual is unusual. */
const factor = 5;
/** Nothing shorter is, in ms. */
const floorMs = 2000;
/** While nobody knows what is usual, in ms: the first step of a large network may well take half a minute. */
const unknownMs = 30_000;

/**
 * Times the steps of the running job and its checkpoints, and tells when one takes longer than five times the median of the last, and
 * than two seconds. Pauses and recoveries are none: the job's reason speaks of them.
 */
export class StepWatch {
  readonly #clock: () => number;
  readonly #now: () => Date;
  #jobId: string | null = null;
  #usual: Readonly<Record<Stall['what'], number[]>> = { step: [], checkpoint: [] };
  #open: Omit<Stall, 'usualMs'> | null = null;
  #toldOf: Omit<Stall, 'usualMs'> | null = null;

  /** @param clock milliseconds that never go back @param now the time of day */
  constructor(clock: () => number, now: () => Date) {
    this.#clock = clock;
    this.#now = now;
  }

  /** Told of the state after every decision that changed it; gives what has ended with that. */
  observe({ jobs }: ClusterState): Finished | null {
    const job = jobs.find(({ status }) => status.phase === 'running');
    if (job && job.request.id !== this.#jobId) {
      this.#jobId = job.request.id;
      this.#usual = { step: [], checkpoint: [] };
    }
    const now = job ? underWay(job) : null;
    const open = this.#open;
    if (open && open.jobId === job?.request.id && open.what === now?.what && open.step === now.step) return null;
    const atMs = this.#clock();
    this.#open = now && job ? { jobId: job.request.id, ...now, beganMs: atMs, since: this.#now() } : null;
    return open ? this.#finish(open, jobs, atMs) : null;
  }

  /** What takes too long now; null when nothing does. */
  stall(jobId: string): Stall | null {
    const open = this.#open;
    if (open?.jobId !== jobId) return null;
    const usual = this.#usual[open.what];
    const usualMs = usual.length < enough ? null : median(usual);
    const limitMs = usualMs === null ? unknownMs : Math.max(factor * usualMs, floorMs);
    return this.#clock() - open.beganMs > limitMs ? { ...open, usualMs } : null;
  }

  /** The same of the running job, but each only once: for the log. */
  news(): Stall | null {
    const stall = this.#open && this.stall(this.#open.jobId);
    if (!stall || this.#toldOf === this.#open) return null;
    this.#toldOf = this.#open;
    return stall;
  }

  /** One that was given up, because the job has paused or ended, is no measure. */
  #finish({ jobId, what, step, beganMs }: Omit<Stall, 'usualMs'>, jobs: readonly Job[], atMs: number): Finished | null {
    const job = jobs.find(({ request }) => request.id === jobId);
    if (!job || job.committed < step || (what === 'checkpoint' && job.status.phase !== 'running' && job.status.phase !== 'succeeded')) return null;
    const tookMs = atMs - beganMs;
    const usual = this.#usual[what];
    usual.push(tookMs);
    if (usual.length > remembered) usual.shift();
    return { what, step, tookMs };
  }
}

function underWay({ status }: Job): Pick<Stall, 'what' | 'step'> | null {
  if (status.phase !== 'running') return null;
  const { kind, step } = status.stage;
  if (kind === 'stepping') return { what: 'step', step };
  return kind === 'snapshot' || kind === 'waiting' ? { what: 'checkpoint', step } : null;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
}
