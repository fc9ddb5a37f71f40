import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { endOf, langevinJson, readRefusal, startLangevin } from './testing/run-langevin.js';
import { checkpointStored, fileDigests, startCluster, startClusterWithDigits, until, type JobReport, type TestCluster } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

const job = { steps: 75, everySteps: 15 };
/** At the steps 15, 30, 45, 60 and 75: long enough to be struck before it ends. */
const checkpoints = '5';

const submitArgs = (dataDir: string): string[] => ['job', 'submit', writeTinyJob(dataDir, job), '--data-dir', dataDir, '--wait'];

function coordinatorPid(dataDir: string): number {
  return (JSON.parse(readFileSync(join(dataDir, 'coordinator.json'), 'utf8')) as { pid: number }).pid;
}

/** Code of the error, exit code, message. */
const coordinatorGone = /^unavailable 3: .*coordinator.*; start one again and submit job "tiny" again: it continues from its last checkpoint$/;

const ends: readonly { what: string; strike: (cluster: TestCluster, dataDir: string) => void; submitEnds: RegExp; upEnds: { code: number | null; says: RegExp } }[] = [
  {
    what: 'the coordinator is asked to stop',
    strike: (_cluster, dataDir) => process.kill(coordinatorPid(dataDir), 'SIGTERM'),
    submitEnds: coordinatorGone,
    upEnds: { code: 130, says: /the cluster was stopped/ },
  },
  {
    what: 'the coordinator is killed',
    strike: (_cluster, dataDir) => process.kill(coordinatorPid(dataDir), 'SIGKILL'),
    submitEnds: coordinatorGone,
    upEnds: { code: 1, says: /coordinator ended with SIGKILL; its log is .*coordinator\.log/ },
  },
  {
    what: '`langevin up` is killed with no chance to stop anything',
    strike: (cluster) => cluster.process.signal('SIGKILL'),
    // Each process notices by itself: the coordinator may go first, or see its trainers go, even before it has noted that the checkpoint is stored.
    submitEnds: new RegExp(`${coordinatorGone.source}|^(trainer_lost 1|unavailable 3): job "tiny" failed: trainer "trainer-[12]" .* submit it again to (continue from checkpoint at step (15|30|45|60)|start over: it has no checkpoint)$`),
    upEnds: { code: null, says: /^$/ },
  },
];

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

  /** Submits again, and compares with the run that nobody cut short. */
  async function continues(dataDir: string): Promise<void> {
    const report = await langevinJson<JobReport>(submitArgs(dataDir));
    expect(report).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: String(job.steps), checkpoints });
    const from = Number(report.startedAtStep);
    expect(from % job.everySteps).toBe(0);
    expect(from).toBeGreaterThanOrEqual(job.everySteps);
    expect(from).toBeLessThan(job.steps);
    expect(report.weightsSha256).toBe(whole.report.weightsSha256);
    expect(report.loss).toBe(whole.report.loss);
    expect(await fileDigests(dataDir, 'tiny', job.steps)).toEqual(whole.files);
  }

  it.each(ends)('leaves no process behind, and continues to the same weights, when $what', async ({ strike, submitEnds, upEnds }) => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 2);
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    await checkpointStored(folder.path, 'tiny', job.everySteps);
    strike(cluster, folder.path);

    const { code, exitCode, message } = readRefusal(await endOf(submit));
    expect(`${code} ${exitCode}: ${message}`).toMatch(submitEnds);
    await until(() => cluster.process.processes().length === 0, 'the end of every process of the cluster', 15_000);
    const end = await endOf(cluster.process);
    expect(end.code).toBe(upEnds.code);
    expect(end.stderr).toMatch(upEnds.says);

    // One trainer instead of two: the weights must not tell.
    await using again = await startCluster(folder.path, 1);
    await continues(folder.path);
    expect((await again.stop()).code).toBe(0);
  });

  it('fails at once and by name when a trainer is killed, and continues with those that are left', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 1);
    await using trainer = await startLangevin(['trainer', '--data-dir', folder.path, '--name', 'mortal']);
    await trainer.waitForLine(/attached to/, 60_000);
    await using submit = await startLangevin([...submitArgs(folder.path), '--json']);
    // A checkpoint lies in the store before the coordinator has noted it. When the second lies there, it has noted the first.
    await checkpointStored(folder.path, 'tiny', 2 * job.everySteps);
    for (const pid of trainer.processes().filter((each) => each !== trainer.pid)) process.kill(pid, 'SIGKILL');

    const { code, exitCode, message } = readRefusal(await endOf(submit));
    expect(`${code} ${exitCode}: ${message}`).toMatch(
      // Its stream ends, or what is pulled from it breaks off: whichever the coordinator notices first.
      /^(trainer_lost 1: job "tiny" failed: trainer "mortal" \(t2\) lost|unavailable 3: job "tiny" failed: trainer "mortal" \(t2\) failed: lost the connection to trainer mortal at 127\.0\.0\.1:\d+): .*; submit it again to continue from checkpoint at step (15|30|45|60)$/,
    );
    const end = await endOf(trainer);
    expect(end.code).toBe(1);
    expect(end.stderr).toBe('langevin: trainer mortal ended with SIGKILL\n');

    await continues(folder.path);
    expect((await cluster.stop()).code).toBe(0);
  });
});
