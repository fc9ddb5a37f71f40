import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, temporaryFolder } from '@langevin/testing';
import { Guard } from './guard.mjs';
import { fixtures } from './testing/fixtures.mjs';

/** Zombies are not: nobody but their parent could take note of their end. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + 10_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (performance.now() > giveUpAt) throw new Error('waited 10 s');
  }
}

describe('a guarded process', () => {
  it('says when it is ready, and is gone with all that it started when the guard goes', async () => {
    await using folder = await temporaryFolder();
    const made = join(folder.path, 'made');
    writeFileSync(made, '');
    let pids: number[];
    {
      await using guard = new Guard();
      guard.undoLater('rm', made);
      const child = guard.start({ name: 'child', command: [process.execPath, fixtures.waits, 'starts'], log: join(folder.path, 'log') });
      expect(await child.ready).toEqual({ address: 'here' });
      await until(() => guard.processes().length === 2);
      pids = guard.processes();
      child.signal('SIGSTOP');
    }
    expect(pids.some(isAlive)).toBe(false);
    expect(existsSync(made)).toBe(false);
  });

  it('says why it never was ready', async () => {
    await using folder = await temporaryFolder();
    await using guard = new Guard();
    const child = guard.start({ name: 'child', command: [process.execPath, fixtures.waits, 'refuses'], log: join(folder.path, 'log') });
    await expect(child.ready).rejects.toThrow('child ended before it was ready, with code 1: no room');
  });

  it('is not left behind, though it is stopped, when the harness is killed', async () => {
    await using folder = await temporaryFolder();
    const made = join(folder.path, 'made');
    writeFileSync(made, '');
    await using harness = await startProcess(process.execPath, [fixtures.guarding, join(folder.path, 'log'), made]);
    const [, pids = ''] = await harness.waitForLine(/^processes (.*)$/);
    expect(pids.split(' ').map(Number).every(isAlive)).toBe(true);
    harness.signal('SIGKILL');
    await until(() => !pids.split(' ').map(Number).some(isAlive) && !existsSync(made));
  });
});
