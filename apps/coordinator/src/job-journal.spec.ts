import { appendFile, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createClusterState, decide, type ClusterEvent, type ClusterState, type JobRequest } from '@langevin/cluster-core';
import { parseJobSpec } from '@langevin/contracts';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { JobJournal, replayed, type Journalled } from './job-journal.js';
import type { JobRecord } from './job-record.js';
import { dotsJob } from './testing/test-coordinator.js';
import { Throughput } from './throughput.js';

const numerics = { cpu: 'a' };
const record = (name: string, change: Partial<JobRecord> = {}): JobRecord => ({
  spec: parseJobSpec(dotsJob(name)),
  dataset: { schemaVersion: 1 } as unknown as JobRecord['dataset'], // What is in it is of no account here.
  datasetRef: { digest: 'd'.repeat(64), size: 3 },
  resumeFrom: null,
  forkOf: null,
  warnings: [],
  earlierCheckpoints: 0,
  throughput: new Throughput(),
  committedStep: 0,
  ...change,
});
const request = (id: string, change: Partial<JobRequest> = {}): JobRequest => ({ id, virtualWorkers: 4, blocks: 1, exchange: 'peers', totalSteps: 9, minTrainers: 1, checkpointEvery: 3, startStep: 0, numericsClass: null, ...change });
const attached = (trainerId: string): ClusterEvent => ({ type: 'trainerAttached', trainerId, name: `n-${trainerId}`, version: '1', incarnation: `i-${trainerId}`, pullAddress: 'h:1', numerics, holds: null });
const ready = (trainerId: string, jobId: string): ClusterEvent => ({ type: 'trainerReady', trainerId, jobId, numerics });
const prepared = (trainerId: string, jobId: string, step: number, digest: string): ClusterEvent => ({ type: 'prepared', trainerId, jobId, step, digest, loss: step / 4, norm: 1, finite: true, leafMs: 1 });

let folder: TemporaryFolder;
beforeEach(async () => (folder = await temporaryFolder()));
afterEach(() => folder[Symbol.asyncDispose]());

const lines: string[] = [];
const open = () => JobJournal.open(folder.path, (line) => void lines.push(line));
const file = (): string => join(folder.path, 'coordinator.log');

/** A cluster whose every decision goes to a journal. */
class Journalling implements AsyncDisposable {
  readonly journal: JobJournal;
  state: ClusterState = createClusterState({ version: '1' });

  private constructor(journal: JobJournal) {
    this.journal = journal;
  }

  static begin(): Journalling {
    const { journal, found } = open();
    journal.begin(found.term + 1, found);
    return new Journalling(journal);
  }

  submit(id: string, change: Partial<JobRequest> = {}): void {
    this.journal.record(id, record(id));
    this.tell({ type: 'jobSubmitted', job: request(id, change) });
  }

  tell(...events: readonly ClusterEvent[]): void {
    for (const event of events) {
      const { next, effects } = decide(this.state, event, 0);
      this.journal.observe(this.state, next, effects);
      this.state = next;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
  }
}

/** What a coordinator finds that starts in the folder now. */
async function found(): Promise<Journalled> {
  const { journal, found: what } = open();
  await journal[Symbol.asyncDispose]();
  return what;
}

const bytes = async (): Promise<number> => (await readFile(file())).byteLength;

describe('a journal', () => {
  it('is empty at first, under term 0', async () => {
    expect(await found()).toEqual({ term: 0, generation: 0, jobs: [], records: new Map() });
  });

  it('has each job where it was, with its record, its members and its last committed step', async () => {
    {
      await using cluster = Journalling.begin();
      cluster.tell(attached('t1'), attached('t2'));
      cluster.submit('one');
      cluster.submit('two');
      cluster.tell(ready('t1', 'one'), ready('t2', 'one'));
      for (const step of [1, 2]) cluster.tell(prepared('t1', 'one', step, `d${step}`), prepared('t2', 'one', step, `d${step}`));
    }
    const { term, generation, jobs, records } = await found();
    expect(term).toBe(1);
    expect(generation).toBeGreaterThan(0);
    expect(jobs).toMatchObject([
      { request: request('one'), committed: 2, chain: 'd2', loss: 0.5, status: { phase: 'running', members: [{ trainerId: 't1', name: 'n-t1', incarnation: 'i-t1' }, { trainerId: 't2' }], numericsClass: numerics } },
      { request: request('two'), committed: 0, status: { phase: 'queued' } },
    ]);
    expect([...records.keys()]).toEqual(['one', 'two']);
    expect(records.get('one')).toEqual(record('one'));
  });

  it('has the newest of two attempts at a job, at the end of the list', async () => {
    {
      await using cluster = Journalling.begin();
      cluster.submit('one');
      cluster.submit('two');
      cluster.tell({ type: 'jobCancelled', jobId: 'one' });
      cluster.journal.record('one', record('one', { earlierCheckpoints: 2 }));
      cluster.tell({ type: 'jobSubmitted', job: request('one', { startStep: 3 }) });
    }
    const { jobs, records } = await found();
    expect(jobs.map((job) => [job.request.id, job.status.phase, job.committed])).toEqual([['two', 'queued', 0], ['one', 'queued', 3]]);
    expect(records.get('one')?.earlierCheckpoints).toBe(2);
  });

  it('knows checkpoints that are copied, stored, and still to be', async () => {
    {
      await using cluster = Journalling.begin();
      cluster.submit('one', { checkpointEvery: 1 });
      cluster.tell(attached('t1'), ready('t1', 'one'));
      const files = [{ role: 'weights', digest: 'w', size: 1 }];
      cluster.tell(prepared('t1', 'one', 1, 'd1'), { type: 'stateReported', trainerId: 't1', jobId: 'one', step: 1, files });
      expect((await found()).jobs).toMatchObject([{ committed: 1, storing: [1], copying: { step: 1, files, holders: ['t1'] } }]);
      cluster.tell({ type: 'checkpointCopied', jobId: 'one', step: 1 });
      expect((await found()).jobs).toMatchObject([{ storing: [1], copying: null }]);
      cluster.tell({ type: 'checkpointStored', jobId: 'one', step: 1, manifestDigest: 'm', weightsSha256: 'w' });
    }
    expect((await found()).jobs).toMatchObject([{ storing: [], checkpoints: 1, checkpoint: { step: 1, manifestDigest: 'm' } }]);
  });

  it('is written to for what others rely on, and not for a vote', async () => {
    await using cluster = Journalling.begin();
    cluster.tell(attached('t1'), attached('t2'));
    cluster.submit('one');
    cluster.tell(ready('t1', 'one'), ready('t2', 'one'));
    const before = await bytes();
    cluster.tell(prepared('t1', 'one', 1, 'd1'), { type: 'tick' });
    expect(await bytes()).toBe(before);
    cluster.tell(prepared('t2', 'one', 1, 'd1'));
    const committed = await bytes();
    expect(committed).toBeGreaterThan(before);
    // A commit is a short line, not the job again.
    expect(committed - before).toBeLessThan(200);
    cluster.tell({ type: 'trainerDetached', trainerId: 't2', why: 'gone' });
    expect((await bytes()) - committed).toBeGreaterThan(200);
  });

  it('has who is waited for among the members of a job that lost every trainer', async () => {
    {
      await using cluster = Journalling.begin();
      cluster.submit('one');
      cluster.tell(attached('t1'), ready('t1', 'one'), prepared('t1', 'one', 1, 'd1'), { type: 'trainerDetached', trainerId: 't1', why: 'gone' });
    }
    expect((await found()).jobs).toMatchObject([{ committed: 1, status: { phase: 'running', members: [{ incarnation: 'i-t1' }], stage: { kind: 'committed', step: 1 } } }]);
  });

  it('does not have a job whose coordinator died before it acted on it', async () => {
    {
      await using cluster = Journalling.begin();
      cluster.submit('one');
      cluster.journal.record('two', record('two'));
    }
    const one = await found();
    expect(one.jobs.map((job) => job.request.id)).toEqual(['one']);
    const orphan = replayed([{ kind: 'job', generation: 7, job: one.jobs[0], isLast: true }]);
    expect([orphan.jobs, orphan.generation]).toEqual([[], 7]);
  });

  it('is as whole as its last whole line when its end is torn', async () => {
    {
      await using cluster = Journalling.begin();
      cluster.submit('one');
      cluster.tell(attached('t1'), ready('t1', 'one'));
      for (const step of [1, 2, 3]) cluster.tell(prepared('t1', 'one', step, `d${step}`));
      // Only what was written: a process that is killed says no more.
      const whole = await readFile(file());
      await cluster.journal[Symbol.asyncDispose]();
      await truncate(file(), 0);
      await appendFile(file(), whole.subarray(0, whole.length - 3));
    }
    lines.length = 0;
    expect((await found()).jobs).toMatchObject([{ committed: 2, chain: 'd2' }]);
    expect(lines).toEqual([expect.stringContaining('the torn end of a write that was never confirmed')]);
  });

  it('begins anew with each start, with all that was found, under a higher term', async () => {
    {
      await using cluster = Journalling.begin();
      cluster.submit('one');
      cluster.submit('two');
      cluster.tell(attached('t1'), ready('t1', 'one'));
      for (const step of [1, 2]) cluster.tell(prepared('t1', 'one', step, `d${step}`));
    }
    const begin = async (): Promise<Journalled> => {
      const { journal, found: again } = open();
      journal.begin(again.term + 1, again);
      await journal[Symbol.asyncDispose]();
      return found();
    };
    const second = await begin();
    expect(second).toMatchObject({ term: 2, jobs: [{ request: { id: 'one' }, committed: 2, chain: 'd2', status: { members: [{ incarnation: 'i-t1' }] } }, { request: { id: 'two' } }] });
    expect(await begin()).toEqual({ ...second, term: 3 });
  });
});
