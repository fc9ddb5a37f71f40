import { Counter, Gauge, type Registry } from 'prom-client';
import { nodeStateSchema } from '@langevin/contracts/api';
import { nodes, type NodeSources } from './node-queries.js';

const parts = ['compute', 'exchange', 'wait'] as const;
type Part = (typeof parts)[number];

/** The time of one trainer's steps of one job. */
interface Sums {
  readonly jobId: string;
  /** Committed steps of the job when it was sampled last. */
  step: number;
  readonly seconds: Record<Part, number>;
}

/** What is told of each trainer. Series of those that have gone are gone too, so that there are never more than trainers attached. */
export class TrainerMetrics {
  readonly #sources: NodeSources;
  readonly #gauges: ReturnType<typeof gaugesOf>;
  readonly #sums = new Map<string, Sums>();

  constructor(registry: Registry, sources: NodeSources) {
    this.#sources = sources;
    this.#gauges = gaugesOf(registry);
  }

  /**
   * Adds up where the time of steps goes. Trainers tell of their last step four times a second: those in between are taken to
   * be like it.
   */
  sample(): void {
    const { state, reports } = this.#sources;
    const { trainers, jobs } = state();
    for (const { id, jobId } of trainers) {
      const job = jobId === null ? undefined : jobs.find(({ request }) => request.id === jobId);
      const stepMs = reports.get(id)?.stepMs;
      if (!job || jobId === null) this.#sums.delete(id);
      else if (stepMs) this.#add(id, jobId, job.committed, stepMs);
    }
    if (this.#sums.size <= trainers.length) return;
    const attached = new Set(trainers.map(({ id }) => id));
    for (const id of this.#sums.keys()) if (!attached.has(id)) this.#sums.delete(id);
  }

  /** Brings everything up to date. */
  refresh(): void {
    this.sample();
    const { count, ...perTrainer } = this.#gauges;
    for (const metric of Object.values(perTrainer)) metric.reset();
    const all = nodes(this.#sources);
    for (const state of nodeStateSchema.options) count.set({ state }, all.filter((node) => node.state === state).length);
    for (const { id, name: trainer, state, job, threads, memoryBytes, virtualWorkers, leavesLeft, lastSeenMs, stepMs } of all) {
      const labels = { trainer, job: job ?? '' };
      for (const each of nodeStateSchema.options) perTrainer.state.set({ ...labels, state: each }, each === state ? 1 : 0);
      perTrainer.memory.set(labels, memoryBytes);
      perTrainer.threads.set(labels, threads);
      perTrainer.leaves.set(labels, virtualWorkers);
      perTrainer.leavesLeft.set(labels, leavesLeft);
      perTrainer.silence.set(labels, lastSeenMs / 1000);
      if (job === null || !stepMs) continue;
      const sums = this.#sums.get(id)?.seconds;
      for (const part of parts) {
        perTrainer.lastStep.set({ ...labels, part }, stepMs[part] / 1000);
        perTrainer.steps.inc({ ...labels, part }, sums?.[part] ?? 0);
      }
    }
  }

  #add(id: string, jobId: string, step: number, stepMs: Readonly<Record<Part, number>>): void {
    const known = this.#sums.get(id);
    const sums: Sums = known?.jobId === jobId ? known : { jobId, step, seconds: { compute: 0, exchange: 0, wait: 0 } };
    this.#sums.set(id, sums);
    // A job that goes on from a checkpoint has fewer steps than before.
    const steps = Math.max(0, step - sums.step);
    sums.step = step;
    for (const part of parts) sums.seconds[part] += (steps * stepMs[part]) / 1000;
  }
}

function gaugesOf(registry: Registry) {
  const registers = [registry];
  const labels = ['trainer', 'job'] as const;
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: labels, registers });
  return {
    count: new Gauge({ name: 'langevin_trainers', help: 'Trainers that are attached, by what they do.', labelNames: ['state'] as const, registers }),
    state: new Gauge({ name: 'langevin_trainer_state', help: '1 for what the trainer does, 0 for all else.', labelNames: [...labels, 'state'] as const, registers }),
    memory: gauge('langevin_trainer_memory_bytes', 'Resident memory of its process.'),
    threads: gauge('langevin_trainer_threads', 'Threads with which it computes.'),
    leaves: gauge('langevin_trainer_leaves', 'Leaves of the gradient tree that it owns.'),
    leavesLeft: gauge('langevin_trainer_leaves_left', 'Leaves of the running step that it has still to compute.'),
    silence: gauge('langevin_trainer_silence_seconds', 'Time since it was heard.'),
    lastStep: new Gauge({ name: 'langevin_trainer_last_step_seconds', help: 'Where the time of its last step went.', labelNames: [...labels, 'part'] as const, registers }),
    steps: new Counter({ name: 'langevin_trainer_step_seconds_total', help: 'Where the time of its steps went, sampled four times a second.', labelNames: [...labels, 'part'] as const, registers }),
  };
}
