import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { endOf, langevin, langevinJson, readRefusal, refusal, startLangevin } from './testing/run-langevin.js';
import { checkpointStored, fileDigests, reachesStep, startCluster, startClusterWithDigits, until, type JobReport, type TestCluster } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

const job = { steps: 75, everySteps: 15 };
/** At the steps 15, 30, 45, 60 and 75: long enough to be struck before it ends. */
const checkpoints = '5';

const submitArgs = (dataDir: string): string[] => ['job', 'submit', writeTinyJob(dataDir, job), '--data-dir', dataDir, '--wait'];

function coordinatorPid(dataDir: string): number {
  return (JSON.parse(readFileSync(join(dataDir, 'coordinator.json'), 'utf8')) as { pid: number }).pid;
}

/** Processes of the command that do not have this word on their command line. */
function processesBesides(started: TestCluster['process'], word: string): number[] {
  return started.processes().filter((pid) => !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word));
}

/** The trainers of a cluster, by the order in which they were started. */
function trainerPids({ process: up }: TestCluster): number[] {
  return up.processes().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('trainer/dist/main.js')).sort((a, b) => a - b);
}

describe('a job that was cut short', () => {
  let whole: { readonly report: JobReport; readonly files: Readonly<Record<string, string>> };

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 1);
    const report = await langevinJson<JobReport>(submitArgs(folder.path));
    expect(report).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: String(job.steps), startedAtStep: '0', checkpoints });
    whole = { report, files: await fileDigests(folder.path, 'tiny', job.steps) };
    await cluster.stop();
  });

  /** The job has come to the same end as the run that nobody cut short. */
  async function expectSame(dataDir: string, report: JobReport): Promise<void> {
    expect(report).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: String(job.steps), checkpoints });
    expect(report.weightsSha256).toBe(whole.report.weightsSha256);
    expect(report.loss).toBe(whole.report.loss);
    expect(await fileDigests(dataDir, 'tiny', job.steps)).toEqual(whole.files);
  }

  it('loses no step when the coordinator is killed: it is started anew, trainers and whoever waits ride through', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 2);
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    await reachesStep(cluster, 'tiny', 20);
    const killed = coordinatorPid(folder.path);
    process.kill(killed, 'SIGKILL');
    const end = await endOf(submit);
    expect(end.code).toBe(0);
    const report = JSON.parse(end.stdout) as JobReport;
    // The same attempt, on the same trainers: it went on from their state, not from a checkpoint.
    expect(report).toMatchObject({ startedAtStep: '0' });
    expect([...report.trainers].sort()).toEqual(['trainer-1', 'trainer-2']);
    await expectSame(folder.path, report);
    expect(coordinatorPid(folder.path)).not.toBe(killed);
    expect(cluster.process.stderr()).toMatch(/^langevin: coordinator ended with SIGKILL; its log is .*coordinator\.log; it is started anew and goes on\n$/);
    const log = readFileSync(join(folder.path, 'logs/coordinator.log'), 'utf8');
    expect(log).toMatch(/took up job "tiny" at step \d+ from the log/);
    for (const name of ['trainer-1', 'trainer-2']) expect(readFileSync(join(folder.path, `logs/${name}.log`), 'utf8')).toMatch(/the coordinator is back after \d+\.\d s/);
    expect((await cluster.stop()).code).toBe(0);
  });

  it.each([
    ['the coordinator is asked to stop', (_cluster: TestCluster, dataDir: string) => process.kill(coordinatorPid(dataDir), 'SIGTERM'), { code: 130, says: /the cluster was stopped/ }],
    ['`langevin up` is killed with no chance to stop anything', (cluster: TestCluster) => cluster.process.signal('SIGKILL'), { code: null, says: /^$/ }],
  ] as const)('leaves no process behind when %s, and goes on by itself to the same weights when it is started again', async (_what, strike, upEnds) => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 2);
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    await checkpointStored(folder.path, 'tiny', job.everySteps);
    strike(cluster, folder.path);
    await until(() => cluster.process.processes().length === 0, 'the end of every process of the cluster', 25_000);
    const end = await endOf(cluster.process);
    expect(end.code).toBe(upEnds.code);
    expect(end.stderr).toMatch(upEnds.says);

    // One trainer instead of two: the weights must not tell. Nobody submits anything; whoever waited still does.
    await using again = await startCluster(folder.path, 1, ['--port', cluster.address.split(':')[1] ?? '']);
    const waited = await endOf(submit);
    expect(waited.code).toBe(0);
    const report = JSON.parse(waited.stdout) as JobReport;
    const from = Number(report.startedAtStep);
    expect(from).toBeGreaterThanOrEqual(job.everySteps);
    expect(from).toBeLessThan(job.steps);
    await expectSame(folder.path, report);
    expect((await again.stop()).code).toBe(0);
  });

  it('goes on with those that are left when a trainer is killed, which is started anew and joins', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 1);
    await using trainer = await startLangevin(['trainer', '--data-dir', folder.path, '--name', 'mortal']);
    await trainer.waitForLine(/attached to/, 60_000);
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    await reachesStep(cluster, 'tiny', 10);
    for (const pid of processesBesides(trainer, 'langevin.js')) process.kill(pid, 'SIGKILL');
    await trainer.waitForLine(/^langevin: trainer mortal ended with SIGKILL; it is started anew$/);
    await trainer.waitForLine(/attached to .* as t3/, 60_000);
    const end = await endOf(submit);
    expect(end.code).toBe(0);
    const report = JSON.parse(end.stdout) as JobReport;
    expect(report.startedAtStep).toBe('0');
    await expectSame(folder.path, report);
    expect(readFileSync(join(folder.path, 'logs/coordinator.log'), 'utf8')).toMatch(/trainer "mortal" \(t2\) lost: connection/);
    trainer.signal('SIGINT');
    expect((await endOf(trainer)).code).toBe(0);
    expect((await cluster.stop()).code).toBe(0);
  });

  it('goes on from its newest checkpoint when its only trainer is killed', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 1);
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    await checkpointStored(folder.path, 'tiny', job.everySteps);
    for (const pid of trainerPids(cluster)) process.kill(pid, 'SIGKILL');
    const end = await endOf(submit);
    expect(end.code).toBe(0);
    const report = JSON.parse(end.stdout) as JobReport;
    expect(Number(report.startedAtStep)).toBeGreaterThanOrEqual(job.everySteps);
    await expectSame(folder.path, report);
    expect((await cluster.stop()).code).toBe(0);
  });

  it('loses nothing when a trainer is drained: by name, or by the signal that ends spot machines', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 1);
    const start = async (name: string) => {
      const trainer = await startLangevin(['trainer', '--data-dir', folder.path, '--name', name]);
      await trainer.waitForLine(/attached to/, 60_000);
      return trainer;
    };
    await using asked = await start('asked');
    await using spot = await start('spot');
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    await reachesStep(cluster, 'tiny', 5);
    expect(await langevinJson(['node', 'drain', 'asked', '--data-dir', folder.path])).toEqual({ name: 'asked', draining: true });
    expect((await endOf(asked)).code).toBe(0);
    spot.signal('SIGTERM');
    await endOf(spot);
    const end = await endOf(submit);
    expect(end.code).toBe(0);
    const report = JSON.parse(end.stdout) as JobReport;
    expect(report).toMatchObject({ startedAtStep: '0', trainers: ['trainer-1'] });
    await expectSame(folder.path, report);
    const log = readFileSync(join(folder.path, 'logs/coordinator.log'), 'utf8');
    expect(log).toMatch(/trainer "asked" \(t\d\) drains: it was asked to/);
    expect(log).toMatch(/trainer "spot" \(t\d\) drains: it was told to stop/);
    expect(log).not.toMatch(/ lost: /);
    expect(await refusal(['node', 'drain', 'asked', '--data-dir', folder.path])).toMatchObject({ exitCode: 2, code: 'invalid_argument' });
    expect(await langevin(['node', 'drain', 'trainer-1', '--data-dir', folder.path])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('whoever waits for a job', () => {
  it('is told how it goes on when the coordinator stays away', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 0);
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    await until(async () => (await langevinJson<JobReport[]>(['job', 'ls', '--data-dir', folder.path])).length === 1, 'the job');
    await cluster.stop();
    const { code, exitCode, message } = readRefusal(await endOf(submit));
    expect([code, exitCode]).toEqual(['unavailable', 3]);
    expect(message).toMatch(/coordinator.*; start one again on the same data folder: job "tiny" goes on by itself$/);
  });
});
