import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startProcess, temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { endOf, langevin, langevinJson, refusal, startLangevin, workspace } from './testing/run-langevin.js';
import { checkpointStored, startCluster, startClusterWithDigits, until, type JobReport, type TestCluster } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(240_000);

/** The trainer as it is built, in a package of another version. @returns the module that runs it */
function trainerOfVersion(version: string, folder: string): string {
  const built = join(workspace, 'apps/trainer');
  mkdirSync(join(folder, 'trainer'));
  cpSync(join(built, 'dist'), join(folder, 'trainer', 'dist'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'trainer', 'package.json'), JSON.stringify({ ...manifest, version }));
  symlinkSync(join(workspace, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'trainer', 'dist', 'main.js');
}

describe('a trainer that may not take part', () => {
  let folder: TemporaryFolder;
  let cluster: TestCluster;
  const on = (): string[] => ['--data-dir', folder.path];

  beforeAll(async () => {
    folder = await temporaryFolder();
    cluster = await startClusterWithDigits(folder.path, 1);
  });
  afterAll(async () => {
    const end = await cluster.stop();
    expect(end).toMatchObject({ code: 0, stderr: '' });
    await folder[Symbol.asyncDispose]();
  });

  it('ends with how to get the token when it brings a wrong one', async () => {
    const tokenFile = join(folder.path, 'wrong-token');
    writeFileSync(tokenFile, 'not-the-token\n');
    expect(await refusal(['trainer', '--name', 'stranger', '--token-file', tokenFile, ...on()])).toEqual({
      exitCode: 5,
      code: 'unauthenticated',
      message: 'this token is not the one that this server expects: use the token that `langevin up` wrote into its data directory at its first start',
    });
  });

  it('ends when its name is taken', async () => {
    const { exitCode, code, message } = await refusal(['trainer', '--name', 'trainer-1', ...on()]);
    expect([exitCode, code]).toEqual([5, 'trainer_conflict']);
    expect(message).toMatch(/^refused trainer "trainer-1" \(t\d+\): t1 at 127\.0\.0\.1:\d+ has this name: choose another;/);
  });

  it('ends with both versions when it is of another one', async () => {
    await using copy = await temporaryFolder();
    const main = trainerOfVersion('0.0.9', copy.path);
    const args = ['--coordinator', cluster.address, '--token-file', join(folder.path, 'token'), '--name', 'old', '--cache', join(copy.path, 'cache')];
    await using trainer = await startProcess(process.execPath, [main, ...args]);
    const { version } = JSON.parse(readFileSync(join(workspace, 'apps/trainer/package.json'), 'utf8')) as { version: string };
    const { code, stderr } = await endOf(trainer);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^langevin trainer: refused trainer "old" \\(t\\d+\\): it runs Langevin 0\\.0\\.9, the coordinator ${version}: install the same version on both\\n$`),
    );
  });

  it('is refused by the name of the field when it computes other numbers, and the job goes on without it', async () => {
    const job = writeTinyJob(folder.path, { steps: 80, everySteps: 20 });
    const submit = ['job', 'submit', job, ...on()];
    // The checkpoint fixes the class: that of the native runtime.
    await langevinJson<JobReport>(submit);
    await checkpointStored(folder.path, 'tiny', 20);
    await langevin(['job', 'cancel', 'tiny', ...on()]);
    await using empty = await temporaryFolder();
    await using odd = await startLangevin(['trainer', '--name', 'odd', ...on()], { env: { LANGEVIN_CACHE: empty.path } });
    await odd.waitForLine(/attached to/, 60_000);

    const both = await refusal([...submit, '--min-trainers', '2', '--wait']);
    expect(both).toMatchObject({ exitCode: 5, code: 'numerics_mismatch' });
    expect(both.message).toMatch(/^job "tiny" failed: trainer "odd" \(t\d+\) computes other numbers: .*backend.*1\/2 trainers are left; give the job trainers of one numerics class, then submit it again/);

    const one = await langevinJson<JobReport>([...submit, '--wait']);
    expect(one).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '80', trainers: ['trainer-1'] });
    await odd.waitForLine(/job tiny stops: trainer "odd" \(t\d+\) computes other numbers: .*backend/);
    odd.signal('SIGINT');
    expect((await endOf(odd)).code).toBe(0);
  });
});

describe('a trainer without a coordinator', () => {
  it('gives up after ten seconds and says how to start one', async () => {
    await using folder = await temporaryFolder();
    const tokenFile = join(folder.path, 'a-token');
    writeFileSync(tokenFile, 'some-token\n');
    const address = `127.0.0.1:${await freePort()}`;
    expect(await refusal(['trainer', '--coordinator', address, '--token-file', tokenFile, '--data-dir', folder.path])).toEqual({
      exitCode: 3,
      code: 'unavailable',
      message: `no coordinator at ${address} within 10000 ms: start one with \`langevin up\``,
    });
  });

  it('that it had before tries again until it is back, and ends when it is told to, also meanwhile', async () => {
    await using folder = await temporaryFolder();
    const port = String(await freePort());
    await using cluster = await startCluster(folder.path, 0, ['--port', port]);
    await using trainer = await startLangevin(['trainer', '--data-dir', folder.path, '--name', 'loyal']);
    await trainer.waitForLine(/attached to .* as t1/, 60_000);
    await cluster.stop();
    await trainer.waitForLine(/the coordinator is shutting down; this trainer tries again until Ctrl-C/);
    await using again = await startCluster(folder.path, 0, ['--port', port]);
    await trainer.waitForLine(/attached to .* as t2-1/, 60_000);
    await trainer.waitForLine(/the coordinator is back after \d+\.\d s/);
    await again.stop();
    await until(() => trainer.stdout().split('tries again until Ctrl-C').length > 2, 'the second outage');
    const from = performance.now();
    trainer.signal('SIGINT');
    expect(await endOf(trainer)).toMatchObject({ stderr: expect.not.stringContaining('SIGKILL') });
    expect(performance.now() - from).toBeLessThan(5000);
  });
});
