import type { ClusterState } from '@langevin/cluster-core';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JobBook } from '../job-book.js';
import { imagesPerStep } from '../job-record.js';
import type { MessageTally } from '../message-tally.js';
import type { Comparison } from '../self-check.js';
import { CheckpointTimes } from './checkpoint-times.js';
import { LeafMoves } from './leaf-moves.js';
import type { NodeSources } from './node-queries.js';
import type { Finished, Stall, StepWatch } from './step-watch.js';
import { changeReasons, type ChangeKind, type ObservedDecision, type TrainerChange } from './trainer-changes.js';
import { TrainerMetrics } from './trainer-metrics.js';

/** What the metrics of a cluster are made from. */
export interface PrometheusTools extends NodeSources {
  readonly book: JobBook;
  readonly tally: MessageTally;
  readonly watch: StepWatch;
  readonly term: number;
  /** Langevin's version. */
  readonly version: string;
}

/** How long a decision took, in ms. */
export interface DecisionTimes {
  readonly decideMs: number;
  /** Until the log had what it must have. */
  readonly journalMs: number;
}

/** Below this a decision has written nothing to the disk, in ms. */
const journalFloorMs = 0.05;
const phases = ['queued', 'starting', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/**
 * What Prometheus scrapes (text format 0.0.4): counters that follow decisions, and gauges that are read when somebody asks. Labels are
 * bounded: trainers that are attached, the job that runs, and words of fixed lists. docs/metrics.md describes each.
 */
export class ClusterMetrics {
  readonly #registry = new Registry();
  readonly #tools: PrometheusTools;
  readonly #counters: ReturnType<typeof countersOf>;
  readonly #gauges: ReturnType<typeof gaugesOf>;
  readonly #trainers: TrainerMetrics;
  readonly #leaves = new LeafMoves();
  readonly #checkpoints = new CheckpointTimes();

  constructor(tools: PrometheusTools) {
    this.#tools = tools;
    this.#counters = countersOf(this.#registry);
    this.#gauges = gaugesOf(this.#registry);
    this.#trainers = new TrainerMetrics(this.#registry, tools);
    collectDefaultMetrics({ register: this.#registry });
    this.#gauges.build.set({ version: tools.version }, 1);
    this.#gauges.term.set(tools.term);
  }

  /** Told of every decision, in their order. */
  observe(decision: ObservedDecision, changes: readonly TrainerChange[], finished: Finished | null, times: DecisionTimes): void {
    const { before, after, effects, event } = decision;
    const counters = this.#counters;
    counters.decisions.inc();
    counters.decide.inc(times.decideMs / 1000);
    if (times.journalMs >= journalFloorMs) counters.journal.observe(times.journalMs / 1000);
    if (before === after) return this.#countChanges(changes);
    this.#countChanges(changes);
    for (const effect of effects) {
      if (effect.type !== 'stepCommitted') continue;
      counters.steps.inc();
      counters.images.inc(imagesPerStep(this.#tools.book.get(effect.jobId).spec));
    }
    counters.generations.inc(after.generation - before.generation);
    counters.recomputed.inc(this.#leaves.observe(after));
    if (finished?.what === 'step') counters.stepSeconds.observe(finished.tookMs / 1000);
    if (finished?.what === 'checkpoint') counters.checkpointSeconds.observe({ phase: 'collect' }, finished.tookMs / 1000);
    const checkpoint = this.#checkpoints.observe({ event, effects }, this.#tools.clock());
    if (checkpoint) counters.checkpointSeconds.observe({ phase: checkpoint.phase }, checkpoint.tookMs / 1000);
    if (before.storeOutage === null && after.storeOutage !== null) counters.outages.inc();
  }

  /** Something takes unusually long: counted once. */
  stalled({ what }: Pick<Stall, 'what'>): void {
    this.#counters.stalls.inc({ what });
  }

  /** Two trainers have computed the same leaves. */
  compared({ isEqual }: Pick<Comparison, 'isEqual'>): void {
    this.#counters.selfChecks.inc({ result: isEqual ? 'equal' : 'different' });
  }

  /** Told a few times a second. */
  sample(): void {
    this.#trainers.sample();
  }

  /** Everything, as Prometheus reads it. */
  async scrape(): Promise<{ readonly mediaType: string; readonly body: string }> {
    this.#refresh(this.#tools.state());
    this.#trainers.refresh();
    return { mediaType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #countChanges(changes: readonly TrainerChange[]): void {
    for (const { kind, reason, trainerId } of changes) {
      this.#counters.changes[kind].inc({ reason });
      const silentMs = this.#tools.detector.silentMs(trainerId, this.#tools.clock());
      if (kind === 'lost' && silentMs > 0) this.#counters.detection.observe({ reason }, silentMs / 1000);
    }
  }

  #refresh(state: ClusterState): void {
    const { tally, watch, book } = this.#tools;
    const gauges = this.#gauges;
    for (const [counter, counts] of [[this.#counters.sent, tally.sent], [this.#counters.received, tally.received]] as const) {
      counter.reset();
      for (const [type, count] of counts) counter.inc({ type }, count);
    }
    for (const phase of phases) gauges.jobs.set({ phase }, state.jobs.filter(({ status }) => status.phase === phase).length);
    gauges.generation.set(state.generation);
    gauges.waiting.set(state.jobs.reduce((sum, { storing, copying }) => sum + storing.filter((step) => step !== copying?.step).length, 0));
    gauges.unreachable.set(state.storeOutage === null ? 0 : 1);
    for (const gauge of [gauges.step, gauges.totalSteps, gauges.loss, gauges.imagesPerSecond, gauges.stalled]) gauge.reset();
    const live = state.jobs.find(({ status }) => status.phase === 'running');
    if (!live) return;
    const job = live.request.id;
    gauges.step.set({ job }, live.committed);
    gauges.totalSteps.set({ job }, live.request.totalSteps);
    if (live.loss !== null) gauges.loss.set({ job }, live.loss);
    gauges.imagesPerSecond.set({ job }, book.get(job).throughput.imagesPerSecond);
    const stall = watch.stall(job);
    gauges.stalled.set({ job }, stall ? (this.#tools.clock() - stall.beganMs) / 1000 : 0);
  }
}

function countersOf(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) => new Counter<Label>({ name, help, labelNames: [...labelNames], registers });
  const changed = (kind: ChangeKind, help: string) => {
    const changes = counter(`langevin_trainers_${kind}_total`, help, ['reason']);
    for (const reason of changeReasons[kind]) changes.inc({ reason }, 0);
    return changes;
  };
  return {
    steps: counter('langevin_steps_committed_total', 'Optimizer steps that were committed.'),
    images: counter('langevin_images_trained_total', 'Images of the steps that were committed, those that pad an epoch included.'),
    generations: counter('langevin_generation_changes_total', 'Plans of who computes and reduces what.'),
    recomputed: counter('langevin_leaves_recomputed_total', 'Leaves of a step that moved to another trainer, and were computed again.'),
    selfChecks: counter('langevin_self_checks_total', 'Leaves that two trainers computed, to be compared.', ['result']),
    changes: {
      joined: changed('joined', 'Trainers that began to take part in a job.'),
      lost: changed('lost', 'Trainers that were lost.'),
      evicted: changed('evicted', 'Trainers that a job went on without.'),
      drained: changed('drained', 'Trainers that left in peace.'),
      refused: changed('refused', 'Trainers that were not let in.'),
    } satisfies Record<ChangeKind, unknown>,
    detection: new Histogram({ name: 'langevin_loss_detection_seconds', help: 'Time since the last sign of life of a trainer when its loss was noted.', labelNames: ['reason'], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 3, 5], registers }),
    decisions: counter('langevin_coordinator_decisions_total', 'Events that were decided upon.'),
    decide: counter('langevin_coordinator_decide_seconds_total', 'Time that decisions took the coordinator, on one thread.'),
    sent: counter('langevin_messages_sent_total', 'Control messages to trainers.', ['type']),
    received: counter('langevin_messages_received_total', 'Control messages from trainers.', ['type']),
    stepSeconds: new Histogram({ name: 'langevin_step_duration_seconds', help: 'Time from the begin of a step to its commit.', buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300], registers }),
    checkpointSeconds: new Histogram({ name: 'langevin_checkpoint_duration_seconds', help: 'Time that a checkpoint took.', labelNames: ['phase'], buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800], registers }),
    journal: new Histogram({ name: 'langevin_journal_write_seconds', help: 'Time that a decision waited for the log, syncs to disk included.', buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1], registers }),
    outages: counter('langevin_store_outages_total', 'How often the store became unreachable.'),
    stalls: counter('langevin_stalls_total', 'Steps and checkpoints that took more than five times as long as usual, and than 2 s.', ['what']),
  };
}

function gaugesOf(registry: Registry) {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) => new Gauge<Label>({ name, help, labelNames: [...labelNames], registers: [registry] });
  return {
    build: gauge('langevin_build_info', 'The version of the coordinator.', ['version']),
    term: gauge('langevin_coordinator_term', 'The term of this coordinator: it grows with each start.'),
    generation: gauge('langevin_generation', 'The newest generation.'),
    jobs: gauge('langevin_jobs', 'Jobs that this coordinator knows.', ['phase']),
    waiting: gauge('langevin_checkpoints_waiting', 'Checkpoints that are copied and not in the store yet.'),
    unreachable: gauge('langevin_store_unreachable', '1 while the store cannot be reached.'),
    step: gauge('langevin_job_step', 'Committed steps of the running job.', ['job']),
    totalSteps: gauge('langevin_job_total_steps', 'Steps that the running job has when it is done.', ['job']),
    loss: gauge('langevin_job_loss', 'Mean training loss of its last committed step.', ['job']),
    imagesPerSecond: gauge('langevin_job_images_per_second', 'Images a second over its last steps.', ['job']),
    stalled: gauge('langevin_job_stalled_seconds', 'How long a step or checkpoint that takes unusually long has taken; 0 when none does.', ['job']),
  };
}
