import type { Job } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { MetricPoint, RunEventKind } from '@langevin/contracts/api';
import { learningRateAt } from '@langevin/diffusion-core/planning';
import type { MetricsLog } from '@langevin/metrics';
import type { JobBook } from '../job-book.js';
import { imagesPerStep } from '../job-record.js';
import { describeComparison, type Comparison } from '../self-check.js';
import { Throughput } from '../throughput.js';
import type { ClusterMetrics, DecisionTimes } from './prometheus.js';
import type { StepWatch } from './step-watch.js';
import { trainerChanges, type ObservedDecision, type TrainerChange } from './trainer-changes.js';

/** What a chronicle works with. */
export interface ChronicleTools {
  readonly metrics: MetricsLog;
  readonly book: JobBook;
  /** Times steps. */
  readonly watch: StepWatch;
  /** Counts what happens. */
  readonly prometheus: ClusterMetrics;
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
  observe(decision: ObservedDecision & DecisionTimes): void {
    try {
      const changes = trainerChanges(decision);
      const finished = decision.before === decision.after ? null : this.#tools.watch.observe(decision.after);
      this.#tools.prometheus.observe(decision, changes, finished, decision);
      this.#observe(decision, changes);
    } catch (thrown) {
      this.#tools.log(`an event could not be recorded: ${LangevinError.from(thrown).message}`);
    }
  }

  /** Told when two trainers have computed the same leaves. */
  compared(run: string, comparison: Comparison): void {
    this.#tools.prometheus.compared(comparison);
    if (!comparison.isEqual) this.#note(run, comparison.step, 'trainers-differ', describeComparison(comparison));
  }

  /** Brings what was recorded of a run into the store. Never throws: what cannot be stored now stays in the journal. */
  async seal(run: string): Promise<void> {
    await this.#tools.metrics.seal(run).catch(() => undefined); // The next checkpoint, the end of the job and the next start try again.
  }

  #observe(decision: ObservedDecision, changes: readonly TrainerChange[]): void {
    const { event, before, after } = decision;
    if (event.type === 'prepared') this.#norms.set(event.jobId, event.norm);
    if (before === after) return;
    for (const job of after.jobs) {
      const earlier = before.jobs.find(({ request }) => request.id === job.request.id);
      if (earlier === job) continue;
      this.#follow(earlier, job, decision, changes.filter(({ jobId }) => jobId === job.request.id));
      this.#tools.onRun(job.request.id);
    }
  }

  #follow(before: Job | undefined, after: Job, decision: ObservedDecision, changes: readonly TrainerChange[]): void {
    const run = after.request.id;
    const wasRunning = before?.status.phase === 'running';
    if (after.status.phase === 'running' && !wasRunning) this.#begin(after, decision.event.type === 'recovered');
    else if (before && wasRunning) {
      this.#noteTrainers(after, changes, decision.reason);
      this.#noteStage(before, after, decision.reason);
    }
    if (before && after.committed > before.committed) this.#record(after);
    const { checkpoint } = after;
    // One that an earlier coordinator has stored is no news.
    if (before && checkpoint && checkpoint.step !== before.checkpoint?.step) {
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

  #begin({ request, status, committed }: Job, isRecovered: boolean): void {
    const startedAt = this.#tools.now().toISOString();
    this.#throughput.set(request.id, new Throughput());
    this.#norms.delete(request.id);
    this.#tools.metrics.begin(request.id, { startedAt, fromStep: committed });
    if (isRecovered) return this.#note(request.id, committed, 'recovered', `the coordinator came back; ${haltOf(status) ?? 'nothing is left to train'}`);
    const names = status.phase === 'running' ? status.members.map(({ name }) => name).join(', ') : '';
    const isResumed = committed > 0;
    this.#note(request.id, committed, isResumed ? 'resumed' : 'started', isResumed ? `from step ${committed} with ${names}` : `with ${names}`);
  }

  #noteTrainers({ request, committed }: Job, changes: readonly TrainerChange[], reason: string): void {
    for (const { kind, name } of changes) {
      if (kind === 'joined') this.#note(request.id, committed, 'trainer-joined', `${name} takes part from step ${committed + 1} on`);
      if (kind === 'drained') this.#note(request.id, committed, 'trainer-drained', `${name} gave its work away and left`);
      if (kind === 'lost' || kind === 'evicted') this.#note(request.id, committed, `trainer-${kind}`, firstClauses(reason) || `${name} left`);
    }
  }

  /** Pauses and their ends, and detours. */
  #noteStage({ status: before }: Job, { request, status: after, committed }: Job, reason: string): void {
    const [was, is] = [haltOf(before), haltOf(after)];
    if (is !== null && was === null) this.#note(request.id, committed, 'paused', after.phase === 'queued' ? reason : is);
    if (after.phase !== 'running' || before.phase !== 'running') return;
    if (was !== null && is === null) this.#note(request.id, committed, 'resumed', `goes on after step ${committed} with ${after.members.map(({ name }) => name).join(', ')}`);
    const isDetour = after.relayed !== null && after.relayed !== before.relayed && after.relayed !== 'as the job asks';
    if (isDetour) this.#note(request.id, committed, 'relayed', `gradients go through the coordinator: ${after.relayed}`);
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

/** What happened, and what follows first; a decision may say much more. */
function firstClauses(reason: string): string {
  return reason.split('; ').slice(0, 2).join('; ');
}

/** Why a job stands still, for people; null when it does not. */
function haltOf(status: Job['status']): string | null {
  if (status.phase === 'queued') return status.lost;
  if (status.phase !== 'running') return null;
  const { stage } = status;
  // Waiting for a moment, so that a joiner gets abreast, is no pause that people care about.
  if (stage.kind === 'paused') return stage.why.endsWith('catches up') ? null : stage.why;
  return stage.kind === 'recovering' ? `waits for ${stage.expected.map(({ name }) => name).join(', ') || 'nobody'} to come back: ${stage.why}` : null;
}
