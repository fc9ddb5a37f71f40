import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder } from '@langevin/registry';
import { freePort, temporaryFolder, type StartedProcess } from '@langevin/testing';
import { endOf, langevin, langevinJson, readRefusal, startLangevin } from './testing/run-langevin.js';
import { importDigits, reachesStep, until, type JobReport } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(240_000);

const steps = 60;

function up(folder: string, store: string, port: number, ...more: string[]): Promise<StartedProcess> {
  return startLangevin(['up', '--data-dir', folder, '--store', store, '--port', String(port), '--http-port', '0', '--trainers', '0', '--samples', 'off', '--json', ...more]);
}

function wake(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}

describe('a coordinator on another host', () => {
  it('takes over from one that does not answer, which finds itself fenced when it wakes', async () => {
    await using folder = await temporaryFolder();
    const [here, there, store] = ['here', 'there', 'store'].map((name) => join(folder.path, name)) as [string, string, string];
    const [portHere, portThere] = [await freePort(), await freePort()];
    await using first = await up(here, store, portHere);
    await first.waitForLine(/^\{"address"/, 60_000);
    await importDigits(here);
    await using _trainer = await startLangevin(['trainer', '--coordinator', `127.0.0.1:${portHere},127.0.0.1:${portThere}`, '--token-file', join(here, 'token'), '--name', 'steady', '--data-dir', join(folder.path, 'trainer')]);
    const spec = writeTinyJob(folder.path, { name: 'moved', steps, everySteps: 20 });
    await langevinJson<JobReport>(['job', 'submit', spec, '--data-dir', here]);
    await reachesStep({ address: `127.0.0.1:${portHere}`, dataDir: here }, 'moved', 5);
    // The coordinator alone: whoever started it must not start it anew.
    const stopped = new DataFolder(here).coordinator()?.pid ?? 0;
    process.kill(stopped, 'SIGSTOP');
    try {
      new DataFolder(there);
      copyFileSync(join(here, 'token'), join(there, 'token'));

      const refused = readRefusal(await endOf(await up(there, store, portThere)));
      expect(refused).toMatchObject({ code: 'address_in_use' });
      expect(refused.message).toMatch(new RegExp(`127\\.0\\.0\\.1:${portHere} .*--takeover`));

      await using second = await up(there, store, portThere, '--takeover');
      await second.waitForLine(/^\{"address"/, 60_000);
      const job = await langevinJson<JobReport>(['job', 'submit', spec, '--data-dir', there, '--wait']);
      expect(job).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: String(steps), checkpoints: '3', trainers: ['steady'] });

      // The same job under another name, which nobody disturbs.
      const calm = await langevinJson<JobReport>(['job', 'submit', writeTinyJob(folder.path, { name: 'calm', steps, everySteps: 20 }), '--data-dir', there, '--wait']);
      expect(job.weightsSha256).toBe(calm.weightsSha256);

      wake(stopped);
      const end = await endOf(first);
      expect(end.code).toBe(3);
      expect(end.stdout).toMatch(/\(term 2\) has taken over: this coordinator stops/);
      await until(() => first.processes().length === 0, 'the end of the first coordinator', 15_000);

      second.signal('SIGINT');
      expect((await endOf(second)).code).toBe(0);
    } finally {
      wake(stopped);
    }
  });

  it('is refused while the first one answers, whatever it asks for', async () => {
    await using folder = await temporaryFolder();
    const [here, there, store] = ['here', 'there', 'store'].map((name) => join(folder.path, name)) as [string, string, string];
    const port = await freePort();
    await using first = await up(here, store, port);
    await first.waitForLine(/^\{"address"/, 60_000);
    const refused = readRefusal(await langevin(['up', '--data-dir', there, '--store', store, '--port', '0', '--trainers', '0', '--samples', 'off', '--takeover', '--json']));
    expect(refused).toMatchObject({ code: 'address_in_use' });
    expect(refused.message).toContain(`127.0.0.1:${port}`);
    first.signal('SIGINT');
    expect((await endOf(first)).code).toBe(0);
  });
});
