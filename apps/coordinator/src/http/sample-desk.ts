import { LangevinError } from '@langevin/contracts';
import type { DrawingPicture, SampleJob } from '@langevin/contracts/api';
import { matrixPlan, storeSamples } from './sample-records.js';
import type { DrawRequest, SamplerProcess } from './sampler-process.js';
import type { StoreCatalog } from './store-catalog.js';
import type { ObjectStore } from '@langevin/registry';

/** What a desk works with. */
export interface SampleDeskTools {
  readonly store: ObjectStore;
  readonly catalog: StoreCatalog;
  /** null: there is no sampler, and nothing is drawn. */
  readonly sampler: SamplerProcess | null;
  /** Whether a picture is drawn of every checkpoint. */
  readonly matrices: boolean;
  readonly onJob: (job: SampleJob) => void;
  /** Told when the picture of a checkpoint is in the store. */
  readonly onPicture: (run: string, step: number) => void;
  /** Told which pictures of a run are to come, whenever that changes. */
  readonly onDrawing: (run: string, drawing: DrawingPicture[]) => void;
  readonly log: (line: string) => void;
}

interface Requested {
  job: SampleJob;
  readonly request: DrawRequest;
  png: Uint8Array | null;
}

interface AwaitedPicture {
  readonly run: string;
  readonly step: number;
  /** 0 to 1. */
  progress: number;
}

/** Requests that are remembered with their pictures, and those that may wait. */
const maxKept = 64;
const maxWaiting = 32;

/** Who is drawn next: what people ask for, then the picture of the newest checkpoint that has none. */
export class SampleDesk {
  readonly #tools: SampleDeskTools;
  readonly #requests = new Map<string, Requested>();
  /** Checkpoints without a picture, the newest last. */
  readonly #checkpoints = new Map<string, AwaitedPicture>();
  #running: string | null = null;
  #isBusy = false;

  constructor(tools: SampleDeskTools) {
    this.#tools = tools;
  }

  /** Whether a picture is drawn of every checkpoint. */
  get drawsCheckpoints(): boolean {
    return this.#tools.matrices && this.#tools.sampler !== null;
  }

  /** A checkpoint may want a picture. */
  checkpoint(run: string, step: number): void {
    if (!this.drawsCheckpoints) return;
    this.#checkpoints.set(`${run}/${step}`, { run, step, progress: 0 });
    this.#tellDrawing(run);
    void this.#work();
  }

  /** The pictures of a run that are to come, ascending. */
  drawing(run: string): DrawingPicture[] {
    const awaited = [...this.#checkpoints.values()].filter((each) => each.run === run);
    return awaited.map(({ step, progress }) => ({ step, progress })).sort((a, b) => a.step - b.step);
  }

  /**
   * Takes a request.
   * @throws LangevinError `runtime_missing` without a sampler; `unavailable` when too many wait
   */
  request(request: DrawRequest): SampleJob {
    if (!this.#tools.sampler) throw new LangevinError('runtime_missing', 'this coordinator has no sampler: `langevin up` starts one');
    const waiting = [...this.#requests.values()].filter(({ job }) => job.state === 'queued').length;
    if (waiting >= maxWaiting) throw new LangevinError('unavailable', `${waiting} requests for samples wait already: try again when some are done`);
    const job: SampleJob = { id: request.id, state: 'queued', progress: 0 };
    this.#requests.set(request.id, { job, request, png: null });
    this.#forgetOld();
    void this.#work();
    return job;
  }

  /** Where a request stands. @throws LangevinError `object_missing` */
  show(id: string): SampleJob {
    return this.#find(id).job;
  }

  /** The picture of a request. @throws LangevinError `object_missing` also when it is not done */
  picture(id: string): Uint8Array {
    const { png, job } = this.#find(id);
    if (png) return png;
    throw new LangevinError('object_missing', `samples ${id} are ${job.state}: there is no picture`);
  }

  /** Forgets a request; one that is under way ends. @throws LangevinError `object_missing` */
  forget(id: string): void {
    this.#find(id);
    this.#requests.delete(id);
    if (this.#running === id) this.#tools.sampler?.cancel(id);
  }

  #find(id: string): Requested {
    const found = this.#requests.get(id);
    if (found) return found;
    throw new LangevinError('object_missing', `there is no request for samples ${id}: it was forgotten, or the coordinator has started anew`);
  }

  #forgetOld(): void {
    for (const [id, { job }] of this.#requests) {
      if (this.#requests.size <= maxKept) return;
      if (job.state === 'done' || job.state === 'failed') this.#requests.delete(id);
    }
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (;;) {
      const next = [...this.#requests.values()].find(({ job }) => job.state === 'queued');
      const checkpoint = [...this.#checkpoints.values()].at(-1);
      if (next) await this.#drawRequest(next);
      else if (checkpoint) await this.#drawCheckpoint(checkpoint);
      else break;
    }
    this.#isBusy = false;
  }

  async #drawRequest(requested: Requested): Promise<void> {
    const { id } = requested.request;
    const tell = (change: Partial<SampleJob>): void => {
      requested.job = { ...requested.job, ...change };
      if (this.#requests.has(id)) this.#tools.onJob(requested.job);
    };
    this.#running = id;
    tell({ state: 'running' });
    try {
      const { png } = await this.#sampler.draw(requested.request, (progress) => tell({ progress }));
      requested.png = png;
      tell({ state: 'done', progress: 1 });
    } catch (thrown) {
      tell({ state: 'failed', error: LangevinError.from(thrown).message });
    } finally {
      this.#running = null;
    }
  }

  #tellDrawing(run: string): void {
    this.#tools.onDrawing(run, this.drawing(run));
  }

  async #drawCheckpoint(awaited: AwaitedPicture): Promise<void> {
    const { run, step } = awaited;
    try {
      await this.#drawMatrix(awaited);
    } catch (thrown) {
      this.#tools.log(`no samples of checkpoint ${step} of run "${run}": ${LangevinError.from(thrown).message}`);
    } finally {
      this.#checkpoints.delete(`${run}/${step}`);
      this.#tellDrawing(run);
    }
  }

  async #drawMatrix(awaited: AwaitedPicture): Promise<void> {
    const { run, step } = awaited;
    const { store, catalog, onPicture } = this.#tools;
    const { digest, manifest } = await catalog.checkpoint(run, step);
    const plan = matrixPlan(manifest);
    if (!plan) return;
    const { labels, columns, guidanceScale, sampler, steps, seed } = plan;
    const rows = labels ?? [0];
    const cells = rows.flatMap((label) => new Array<number>(columns).fill(label));
    const request: DrawRequest = {
      id: `matrix ${run} ${step}`,
      denoiser: { run, step },
      labels: labels === null ? null : cells,
      count: cells.length,
      sharedNoise: true,
      columns,
      // The page cuts it into its images.
      gap: 0,
      guidanceScale,
      sampler,
      steps,
      seed,
    };
    const { png, imageShape } = await this.#sampler.draw(request, (progress) => {
      awaited.progress = progress;
      this.#tellDrawing(run);
    });
    await storeSamples(store, { run, step, checkpoint: digest, labels: [...(labels ?? [])], columns, imageShape: [...imageShape], guidanceScale, sampler, steps, seed }, png);
    catalog.invalidate();
    onPicture(run, step);
  }

  get #sampler(): SamplerProcess {
    if (this.#tools.sampler) return this.#tools.sampler;
    throw new LangevinError('runtime_missing', 'this coordinator has no sampler');
  }
}
