import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder, listCheckpoints, openStore } from '@langevin/registry';
import { connect, receive, type Job__Output } from '@langevin/rpc';
import { startMinio, temporaryFolder } from '@langevin/testing';
import { endOf, langevinJson, startLangevin } from './testing/run-langevin.js';
import { importDigits, reachesStep, startCluster, until, type JobReport, type TestCluster } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

const job = { steps: 12, everySteps: 3 };

/** Watches the job until its reason says so. */
async function says({ address, dataDir }: TestCluster, reason: RegExp): Promise<Job__Output> {
  using jobs = connect(address, new DataFolder(dataDir).token(), 'Jobs');
  for await (const seen of receive(jobs.watch({ id: 'tiny' }, { signal: AbortSignal.timeout(120_000) }), jobs.peer)) if (reason.test(seen.reason)) return seen;
  throw new Error(`the job ended before it said ${reason}`);
}

describe('a store that is killed during training', () => {
  it('is caught up with when it is there again: training goes on meanwhile, and every checkpoint arrives', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'minio');
    const dataDir = join(folder.path, 'data');
    await using first = await startMinio({ folder: data, buckets: ['langevin'] });
    Object.assign(process.env, first.env);
    const location = first.location('langevin', 'digits');
    await using cluster = await startCluster(dataDir, 1, ['--store', location]);
    await importDigits(dataDir);

    await using submit = await startLangevin(['job', 'submit', writeTinyJob(folder.path, job), '--data-dir', dataDir, '--wait', '--json']);
    const store = await openStore(location);
    // The job is there when its first step is; before that the store knows no run of its name.
    await reachesStep(cluster, 'tiny', 1);
    await until(async () => (await listCheckpoints(store, 'tiny')).length > 0, 'the first checkpoint');
    first.process.signal('SIGKILL');
    await first.process.exited;

    const waiting = await says(cluster, /store unreachable since \d\d:\d\d:\d\d UTC, \d checkpoints? waits? in the spool/);
    expect(waiting.phase).toBe('JOB_PHASE_RUNNING');
    await reachesStep(cluster, 'tiny', job.steps);
    const last = await says(cluster, /^storing the checkpoint of the last step 12; store unreachable since/);
    expect(Number(last.checkpoints)).toBeLessThan(4);

    const port = Number(new URL(first.endpoint).port);
    const credentials = { accessKey: first.env.AWS_ACCESS_KEY_ID, secretKey: first.env.AWS_SECRET_ACCESS_KEY };
    await using second = await startMinio({ folder: data, port, credentials });
    const end = await endOf(submit);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const report = JSON.parse(end.stdout) as JobReport;
    expect(report).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '12', checkpoints: '4' });
    expect(await listCheckpoints(await openStore(second.location('langevin', 'digits')), 'tiny')).toEqual([3, 6, 9, 12]);
    expect(await langevinJson<JobReport>(['job', 'show', 'tiny', '--data-dir', dataDir])).toMatchObject({ weightsSha256: report.weightsSha256 });
    expect(readdirSync(join(dataDir, 'spool'))).toEqual(['.tmp']);

    const log = readFileSync(join(dataDir, 'logs/coordinator.log'), 'utf8').split('\n');
    expect(log.filter((line) => line.includes('the store is unreachable'))).toHaveLength(1);
    expect(log.filter((line) => line.includes('the store is reachable again'))).toHaveLength(1);
    expect(log.join('\n')).not.toContain(credentials.secretKey);
    expect(existsSync(join(dataDir, 'store'))).toBe(false);
    expect((await cluster.stop()).code).toBe(0);
  });
});
