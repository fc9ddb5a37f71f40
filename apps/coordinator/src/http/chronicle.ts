import type { ClusterEvent, ClusterState, Job } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { MetricPoint, RunEventKind } from '@langevin/contracts/api';
import { learningRateAt } from '@langevin/diffusion-core';
import type { MetricsLog } from '@langevin/metrics';
import type { JobBook } from '../job-book.js';
import { imagesPerStep } from '../job-record.js';
import { Throughput } from '../throughput.js';

/** What a chronicle works with. */
export interface ChronicleTools {
  readonly metrics: MetricsLog;
  readonly book: JobBook;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** The time of day. */
  readonly now: () => Date;
  /** Told when a run changed in any way. */
  readonly onRun: (run: string) => void;
  readonly onPoint: (run: string, point: MetricPoint) => void;
  readonly log: (line: string) => void;
  /** Told when a checkpoint is in the store. */
  readonly onCheckpoint: (run: string, step: number) => void;
}

/** One decision: what happened, and the state before and after it. */
export interface ObservedDecision {
  readonly event: ClusterEvent;
  readonly before: ClusterState;
  readonly after: ClusterState;
  readonly reason: string;
}

/**
 * Writes down what becomes of runs, from the states before and after each decision: it decides nothing, and what it does cannot
 * change what is trained.
 */
export class Chronicle {
  readonly #tools: ChronicleTools;
  readonly #norms = new Map<string, number>();
  readonly #throughput = new Map<string, Throughput>();
  readonly #updatedAt = new Map<string, string>();

  constructor(tools: ChronicleTools) {
    this.#tools = tools;
  }

  /** When the last step of a run was committed here; null when none was. */
  updatedAt(run: string): string | null {
    return this.#updatedAt.get(run) ?? null;
  }

  /** Told of every decision, in their order. Never throws. */
  observe(decision: ObservedDecision): void {
    try {
      this.#observe(decision);
    } catch (thrown) {
      this.#tools.log(`an event could not be recorded: ${LangevinError.from(thrown).message}`);
    }
  }

  /** Brings what was recorded of a run into the store. Never throws: what cannot be stored now stays in the journal. */
  async seal(run: string): Promise<void> {
    await this.#tools.metrics.seal(run).catch(() => undefined); // The next checkpoint, the end of the job and the next start try again.
  }

  #observe(decision: ObservedDecision): void {
    const { event, before, after } = decision;
    if (event.type === 'prepared') this.#norms.set(event.jobId, event.norm);
    if (before === after) return;
    for (const job of after.jobs) {
      const earlier = before.jobs.find(({ request }) => request.id === job.request.id);
      if (earlier === job) continue;
      this.#follow(earlier, job, decision);
      this.#tools.onRun(job.request.id);
    }
  }

  #follow(before: Job | undefined, after: Job, decision: ObservedDecision): void {
    const run = after.request.id;
    const wasRunning = before?.status.phase === 'running';
    if (after.status.phase === 'running' && !wasRunning) this.#begin(after);
    if (wasRunning) this.#noteTrainers(before, after, decision);
    if (before && after.committed > before.committed) this.#record(after);
    const { checkpoint } = after;
    if (checkpoint && checkpoint.step !== before?.checkpoint?.step) {
      this.#note(run, checkpoint.step, 'checkpoint', `checkpoint ${checkpoint.manifestDigest.slice(0, 12)}`);
      void this.seal(run);
      this.#tools.onCheckpoint(run, checkpoint.step);
    }
    const { phase } = after.status;
    if (wasRunning && (phase === 'succeeded' || phase === 'failed' || phase === 'cancelled')) {
      this.#note(run, after.committed, phase, decision.reason);
      void this.#tools.metrics.end(run);
    }
  }

  #begin({ request, status, committed }: Job): void {
    const startedAt = this.#tools.now().toISOString();
    this.#throughput.set(request.id, new Throughput());
    this.#norms.delete(request.id);
    this.#tools.metrics.begin(request.id, { startedAt, fromStep: committed });
    const names = status.phase === 'running' ? status.members.map(({ name }) => name).join(', ') : '';
    const isResumed = committed > 0;
    this.#note(request.id, committed, isResumed ? 'resumed' : 'started', isResumed ? `from step ${committed} with ${names}` : `with ${names}`);
  }

  #noteTrainers(before: Job, after: Job, { before: cluster, after: now, reason }: ObservedDecision): void {
    const run = after.request.id;
    const workers = (state: ClusterState) => state.trainers.filter(({ jobId }) => jobId === run);
    const attached = new Set(now.trainers.map(({ id }) => id));
    for (const trainer of workers(cluster)) if (!attached.has(trainer.id)) this.#note(run, before.committed, 'trainer-lost', reason || `lost ${trainer.name}`);
    const known = new Set(workers(cluster).map(({ id }) => id));
    for (const trainer of workers(now)) if (!known.has(trainer.id)) this.#note(run, after.committed, 'trainer-joined', `${trainer.name} joined`);
  }

  #record({ request, committed, loss }: Job): void {
    const run = request.id;
    const { spec } = this.#tools.book.get(run);
    const throughput = this.#throughput.get(run) ?? new Throughput();
    throughput.committed(this.#tools.clock(), imagesPerStep(spec));
    const time = this.#tools.now().toISOString();
    this.#updatedAt.set(run, time);
    const point: MetricPoint = {
      step: committed,
      time,
      loss: loss ?? 0,
      learningRate: learningRateAt(committed - 1, spec.training),
      gradientNorm: this.#norms.get(run) ?? 0,
      imagesPerSecond: throughput.imagesPerSecond,
    };
    this.#tools.metrics.record(run, point);
    this.#tools.onPoint(run, point);
  }

  #note(run: string, step: number, kind: RunEventKind, text: string): void {
    this.#tools.metrics.note(run, { time: this.#tools.now().toISOString(), step, kind, text });
  }
}
