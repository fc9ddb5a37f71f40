import { blockCount, jobView, type ClusterState, type JobRequest } from '@langevin/cluster-core';
import { canonicalJson, LangevinError } from '@langevin/contracts';
import { modelLayout } from '@langevin/diffusion-core/planning';
import type { PublishedCheckpoint } from '@langevin/registry';
import type { Job, StartJob } from '@langevin/rpc';
import { imagesPerStep, type JobRecord } from './job-record.js';

/** Every job that this coordinator knows, with what the state machine need not know of it. */
export class JobBook {
  readonly #records: Map<string, JobRecord>;
  readonly #watchers = new Map<string, Set<() => void>>();

  /** @param records of an earlier coordinator */
  constructor(records: ReadonlyMap<string, JobRecord> = new Map()) {
    this.#records = new Map(records);
  }

  add(id: string, record: JobRecord): void {
    this.#records.set(id, record);
  }

  /** @throws LangevinError `job_unknown` */
  get(id: string): JobRecord {
    const record = this.#records.get(id);
    if (!record) throw new LangevinError('job_unknown', `there is no job "${id}"; \`langevin job ls\` lists those there are`);
    return record;
  }

  /** Names of all jobs, oldest first. */
  ids(): string[] {
    return [...this.#records.keys()];
  }

  /** The step was committed; told once for each trainer, counted once. */
  committed(id: string, step: number, nowMs: number): void {
    const record = this.get(id);
    if (step <= record.committedStep) return;
    record.committedStep = step;
    record.throughput.committed(nowMs, imagesPerStep(record.spec));
  }

  /** Calls `listener` at each change of the job, until the returned function is called. */
  watch(id: string, listener: () => void): () => void {
    const listeners = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  changed(id: string): void {
    for (const listener of this.#watchers.get(id) ?? []) listener();
  }

  /** The checkpoint of its own run that a job continues from: what its numerics class and its newest weights are. */
  #ownCheckpoint(id: string): PublishedCheckpoint | null {
    const { resumeFrom } = this.get(id);
    return resumeFrom?.manifest.run === id ? resumeFrom : null;
  }

  /** What the cluster must know of a job. A fork is a run of its own: its first trainer fixes its numerics class. */
  request(id: string): JobRequest {
    const { spec, resumeFrom } = this.get(id);
    return {
      id,
      virtualWorkers: spec.training.virtualWorkers,
      blocks: blockCount(modelLayout(spec.model).total),
      exchange: spec.exchange,
      totalSteps: spec.training.steps,
      minTrainers: spec.trainers.min,
      checkpointEvery: spec.checkpoints.everySteps,
      startStep: resumeFrom?.manifest.step ?? 0,
      numericsClass: this.#ownCheckpoint(id)?.manifest.numericsClass ?? null,
    };
  }

  /** What a trainer needs to prepare for a job. */
  startMessage(id: string): StartJob {
    const { spec, datasetRef, resumeFrom } = this.get(id);
    return {
      job: id,
      specJson: canonicalJson(spec),
      dataset: datasetRef,
      step: resumeFrom?.manifest.step ?? 0,
      resumeFrom: (resumeFrom?.manifest.files ?? []).map(({ role, digest, size }) => ({ role, content: { digest, size } })),
    };
  }

  /** The job for people and their tools. @throws LangevinError `job_unknown` */
  describe(state: ClusterState, id: string): Job {
    const record = this.get(id);
    const own = this.#ownCheckpoint(id);
    const view = jobView(state, id);
    if (!view) throw new LangevinError('internal', `job "${id}" is in the book but not in the cluster`);
    return {
      id,
      phase: `JOB_PHASE_${view.phase.toUpperCase() as Uppercase<typeof view.phase>}`,
      reason: view.reason,
      step: view.step,
      totalSteps: view.totalSteps,
      loss: view.loss ?? record.resumeFrom?.manifest.loss ?? 0,
      imagesPerSecond: record.throughput.imagesPerSecond,
      checkpoints: record.earlierCheckpoints + view.checkpoints,
      lastCheckpoint: view.lastCheckpoint ?? own?.digest ?? '',
      trainers: [...view.trainers],
      specJson: canonicalJson(record.spec),
      weightsSha256: view.weightsSha256 ?? own?.manifest.files.find((file) => file.role === 'weights')?.digest ?? '',
      startedAtStep: view.startedAtStep,
      errorCode: view.errorCode ?? '',
      forkOf: record.forkOf ?? '',
      warnings: [...record.warnings],
    };
  }
}
