import { appendFileSync, existsSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallTmpfs } from '@langevin/testing';
import { endOf, langevin, langevinJson, readRefusal, refusal, startLangevin } from './testing/run-langevin.js';
import { reachesStep, startClusterWithDigits, type JobReport } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(240_000);

/** Mounting a small disk needs root on Linux. */
const whenRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

/** Takes all the space that is left, also what is left to the logs that are there. @returns gives most of it back */
function fill(folder: string): () => void {
  const file = join(folder, 'filler');
  const logs = join(folder, 'logs');
  const { bavail, bsize } = statfsSync(folder);
  expect(() => writeFileSync(file, new Uint8Array((bavail + 1) * bsize))).toThrow(/ENOSPC/);
  for (const log of existsSync(logs) ? readdirSync(logs) : []) {
    expect(() => appendFileSync(join(logs, log), '\n'.repeat(2 * bsize))).toThrow(/ENOSPC/);
  }
  expect(statfsSync(folder).bavail).toBe(0);
  return () => rmSync(file);
}

describe('a full disk', () => {
  whenRoot('refuses an import with what it needs and what is free, and the same import works when there is room', async () => {
    await using disk = await smallTmpfs(24);
    writeFileSync(join(disk.path, 'filler'), new Uint8Array(20 * 2 ** 20));
    const importing = ['dataset', 'import', 'mnist-digits', '--data-dir', disk.path];
    const { exitCode, code, message } = await refusal(importing);
    expect([exitCode, code]).toEqual([1, 'storage_full']);
    expect(message).toMatch(/^no space: writing .* needs \d+ bytes, \d+ bytes are free in .*; free some space or choose another data directory$/);
    expect(await langevinJson(['dataset', 'ls', '--data-dir', disk.path])).toEqual([]);
    rmSync(join(disk.path, 'filler'));
    expect(await langevinJson(importing)).toMatchObject({ name: 'mnist-digits', train: 9000, test: 1000 });
  });

  whenRoot('refuses to start a cluster where not even the token fits', async () => {
    await using disk = await smallTmpfs(1);
    fill(disk.path);
    const { exitCode, message } = await refusal(['up', '--port', '0', '--trainers', '0', '--data-dir', disk.path]);
    expect(exitCode).toBe(1);
    expect(message).toMatch(/space/);
  });

  whenRoot('fails a job at its checkpoint, and the coordinator goes on: it cancels, and trains when there is room again', async () => {
    await using disk = await smallTmpfs(48);
    const on = ['--data-dir', disk.path];
    await using cluster = await startClusterWithDigits(disk.path, 1);
    const submit = ['job', 'submit', writeTinyJob(disk.path, { steps: 16, everySteps: 8 }), ...on];
    const long = ['job', 'submit', writeTinyJob(disk.path, { name: 'long', steps: 100_000, everySteps: 100_000 }), ...on];
    // Opened while there is room: its run is known, and its trainer has the data.
    await langevinJson(long);
    await reachesStep(cluster, 'long', 1);
    await langevin(['job', 'cancel', 'long', ...on]);

    await using waiting = await startLangevin([...submit, '--wait', '--json']);
    await reachesStep(cluster, 'tiny', 1);
    const empty = fill(disk.path);
    const failed = readRefusal(await endOf(waiting));
    expect([failed.exitCode, failed.code]).toEqual([1, 'storage_full']);
    expect(failed.message).toMatch(/^job "tiny" failed: checkpoint at step 8 could not be stored: no space: writing .* free some space or choose another data directory; submit it again to start over: it has no checkpoint$/);

    expect(await langevinJson<JobReport[]>(['job', 'ls', ...on])).toMatchObject([{ phase: 'JOB_PHASE_CANCELLED' }, { phase: 'JOB_PHASE_FAILED' }]);
    await langevinJson(long);
    await reachesStep(cluster, 'long', 1);
    expect(await langevinJson<JobReport>(['job', 'cancel', 'long', ...on])).toMatchObject({ phase: 'JOB_PHASE_CANCELLED' });

    empty();
    expect(await langevinJson<JobReport>([...submit, '--wait'])).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '16', checkpoints: '2' });
    expect(await cluster.stop()).toMatchObject({ code: 0, stderr: '' });
  });
});
