import { mustSync, type ClusterState, type Effect, type Job } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import { CoordinatorLog, type LogFollower } from '@langevin/coordinator-log';
import type { JobRecord } from './job-record.js';
import { Throughput } from './throughput.js';

/** What the log holds of a job besides its place in the state machine. */
type StoredRecord = Omit<JobRecord, 'throughput'>;

/** One line of the log. */
type Entry =
  /** Replaces all before it. */
  | { readonly kind: 'all'; readonly term: number; readonly generation: number; readonly jobs: readonly Job[]; readonly records: Readonly<Record<string, StoredRecord>> }
  | { readonly kind: 'record'; readonly id: string; readonly record: StoredRecord }
  /** `isLast`: a new job, or a new attempt, which goes to the end of the queue. */
  | { readonly kind: 'job'; readonly generation: number; readonly job: Job; readonly isLast: boolean }
  | { readonly kind: 'commit'; readonly id: string; readonly step: number; readonly chain: string; readonly loss: number };

/** Between two attempts to write to a disk that has refused, in ms. */
const againMs = 1000;

/** Bytes after which what is obsolete is dropped. */
const largest = 32 * 1024 * 1024;

/** What an earlier coordinator has left. */
export interface Journalled {
  /** 0 when there was none. */
  readonly term: number;
  readonly generation: number;
  readonly jobs: readonly Job[];
  readonly records: ReadonlyMap<string, JobRecord>;
}

/**
 * What a coordinator must not forget: its jobs, who takes part in them, and which steps are committed. Whatever changes what
 * others may rely on is on the disk before it is acted upon; commits are written at once and synced in groups, for the
 * trainers hold them too.
 */
export class JobJournal implements AsyncDisposable {
  readonly #log: CoordinatorLog;
  #term = 0;
  #records = new Map<string, JobRecord>();

  readonly #tell: (line: string) => void;
  /** The disk has refused something: everything is written anew as soon as it takes it. */
  #isBehind = false;
  #triedMs = -Infinity;

  private constructor(log: CoordinatorLog, tell: (line: string) => void) {
    this.#log = log;
    this.#tell = tell;
  }

  /**
   * Opens the journal in `folder` and reads what is there.
   * @throws LangevinError as `CoordinatorLog.open`
   */
  static open(folder: string, warn: (line: string) => void, follower?: LogFollower): { journal: JobJournal; found: Journalled } {
    const { log, records } = CoordinatorLog.open(folder, { warn, ...(follower && { follower }) });
    return { journal: new JobJournal(log, warn), found: replayed(records) };
  }

  /** Begins anew with what was found, under this term. */
  begin(term: number, { generation, jobs, records }: Journalled): void {
    this.#term = term;
    this.#records = new Map(records);
    this.#log.compact({ kind: 'all', term, generation, jobs: jobs.map(durable), records: Object.fromEntries([...records].map(([id, record]) => [id, stored(record)])) } satisfies Entry);
  }

  /** A job is known from now on. */
  record(id: string, record: JobRecord): void {
    this.#records.set(id, record);
    this.#write(() => void this.#log.appendNow({ kind: 'record', id, record: stored(record) } satisfies Entry));
  }

  /** Told of every decision before its effects are carried out. */
  observe(before: ClusterState, after: ClusterState, effects: readonly Effect[]): void {
    const all = (): void => this.begin(this.#term, { term: this.#term, generation: after.generation, jobs: after.jobs, records: this.#records });
    if (this.#isBehind) return this.#catchUp(all);
    this.#write(() => {
      this.#note(before, after, effects);
      if (this.#log.bytes > largest) all();
    });
  }

  /** Whoever trains goes on though the disk is full: what is lost then is only that a coordinator that dies meanwhile is remembered as it was. */
  #write(write: () => void): void {
    if (this.#isBehind) return;
    try {
      write();
    } catch (thrown) {
      this.#isBehind = true;
      this.#triedMs = performance.now();
      this.#tell(`the journal cannot be written, and a coordinator that dies now forgets what has happened since: ${LangevinError.from(thrown).message}`);
    }
  }

  #catchUp(all: () => void): void {
    if (performance.now() - this.#triedMs < againMs) return;
    this.#triedMs = performance.now();
    try {
      all();
    } catch {
      return; // It was told.
    }
    this.#isBehind = false;
    this.#tell('the journal is written again');
  }

  #note(before: ClusterState, after: ClusterState, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'stepCommitted') continue;
      const { jobId: id, step, digest: chain, loss } = effect;
      this.#log.append({ kind: 'commit', id, step, chain, loss } satisfies Entry);
    }
    if (before.jobs === after.jobs) return;
    const earlier = new Map(before.jobs.map((job) => [job.request.id, job]));
    for (const job of after.jobs) {
      const old = earlier.get(job.request.id);
      if (old === job || (old && !mustSync({ ...before, jobs: [old] }, { ...after, jobs: [job] }))) continue;
      const isLast = old === undefined || before.jobs.indexOf(old) !== after.jobs.indexOf(job);
      this.#log.appendNow({ kind: 'job', generation: after.generation, job: durable(job), isLast } satisfies Entry);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log[Symbol.asyncDispose]();
  }
}

/** What the records of a journal come to. */
export function replayed(lines: readonly unknown[]): Journalled {
  // Nobody else writes here, and each record carries a checksum.
  const entries = lines as readonly Entry[];
  let term = 0;
  let generation = 0;
  let jobs: Job[] = [];
  const records = new Map<string, JobRecord>();
  for (const entry of entries) {
    switch (entry.kind) {
      case 'all':
        ({ term, generation } = entry);
        jobs = [...entry.jobs];
        records.clear();
        for (const [id, record] of Object.entries(entry.records)) records.set(id, { ...record, throughput: new Throughput() });
        break;
      case 'record':
        records.set(entry.id, { ...entry.record, throughput: new Throughput() });
        break;
      case 'job':
        generation = Math.max(generation, entry.generation);
        jobs = entry.isLast ? [...jobs.filter(({ request }) => request.id !== entry.job.request.id), entry.job] : jobs.map((job) => (job.request.id === entry.job.request.id ? entry.job : job));
        break;
      case 'commit':
        jobs = jobs.map((job) => (job.request.id === entry.id ? { ...job, committed: entry.step, chain: entry.chain, loss: entry.loss } : job));
        break;
    }
  }
  // A job without its record was never acted upon: the coordinator died between the two.
  return { term, generation, jobs: jobs.filter(({ request }) => records.has(request.id)), records };
}

/** What matters of a job after its coordinator has gone: not who had voted for the running step. */
function durable(job: Job): Job {
  const { status } = job;
  if (status.phase !== 'running') return job;
  const waits = status.stage.kind === 'recovering' ? status.stage.expected : [];
  const stage = { kind: 'committed', step: job.committed } as const;
  return { ...job, status: { ...status, members: [...status.members, ...waits], joiners: [], leafMs: {}, plan: { generation: status.plan.generation, shares: [], chunks: [] }, stage } };
}

function stored({ throughput: _throughput, ...record }: JobRecord): StoredRecord {
  return record;
}
