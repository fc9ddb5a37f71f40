import { randomUUID } from 'node:crypto';
import { LangevinError } from '@langevin/contracts';
import type { SampleJob, SampleRequest } from '@langevin/contracts/api';

const partMs = 120;
const parts = 10;

interface Entry {
  readonly request: SampleRequest;
  job: SampleJob;
  timer?: ReturnType<typeof setInterval>;
}

/** Takes requests for samples and lets them make progress. */
export class SampleDesk {
  readonly #entries = new Map<string, Entry>();
  readonly #onJob: (job: SampleJob) => void;

  constructor(onJob: (job: SampleJob) => void) {
    this.#onJob = onJob;
  }

  /** Takes a request; seed 13 stands for a sampler that fails. */
  request(request: SampleRequest): SampleJob {
    const id = randomUUID();
    const entry: Entry = { request, job: { id, state: 'queued', progress: 0 } };
    this.#entries.set(id, entry);
    entry.timer = setInterval(() => this.#advance(entry), partMs);
    return entry.job;
  }

  /** Where a request stands. @throws LangevinError `object_missing` */
  job(id: string): SampleJob {
    return this.#find(id).job;
  }

  /** What was asked for. @throws LangevinError `object_missing` */
  requestOf(id: string): SampleRequest {
    return this.#find(id).request;
  }

  /** Forgets a request. @throws LangevinError `object_missing` */
  cancel(id: string): void {
    clearInterval(this.#find(id).timer);
    this.#entries.delete(id);
  }

  /** Ends everything. */
  stop(): void {
    for (const { timer } of this.#entries.values()) clearInterval(timer);
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new LangevinError('object_missing', `there is no request ${id}`);
    return entry;
  }

  #advance(entry: Entry): void {
    const progress = Math.min(1, entry.job.progress + 1 / parts);
    const failed = entry.request.seed === 13 && progress > 0.5;
    const state = failed ? 'failed' : progress > 0.999 ? 'done' : 'running';
    entry.job = { id: entry.job.id, state, progress, ...(failed && { error: 'the sampler ran out of memory: ask for fewer images' }) };
    if (state !== 'running') clearInterval(entry.timer);
    this.#onJob(entry.job);
  }
}
