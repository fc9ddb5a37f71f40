import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, temporaryFolder } from '@langevin/testing';
import { command, endOf } from './testing/run-langevin.js';

describe('langevin up', () => {
  it.each([
    ['a terminal, for whoever sits there', 'script', true],
    ['no log', 'sh', false],
  ])('prints the token to %s', async (_what, shell, isShown) => {
    await using folder = await temporaryFolder();
    const words = [process.execPath, command, 'up', '--data-dir', folder.path, '--port', '0', '--trainers', '0', '--samples', 'off'].map((word) => `'${word}'`).join(' ');
    const args = shell === 'script' ? ['-qfec', words, '/dev/null'] : ['-c', `exec ${words}`];
    await using started = await startProcess(shell, args, { env: { TERM: 'xterm' } });
    await started.waitForLine(/Ctrl-C stops them all/, 60_000);
    const token = readFileSync(join(folder.path, 'token'), 'utf8').trim();
    const [, origin] = await started.waitForLine(/dashboard: +(http:\/\/127\.0\.0\.1:\d+)\/\?token=/);
    expect((await fetch(`${origin}/api/v1/system`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    for (const pid of started.processes()) {
      if (commandOf(pid).includes('langevin.js\0up')) process.kill(pid, 'SIGINT');
    }
    const { stdout, stderr } = await endOf(started);
    expect(`${stdout}${stderr}`.includes(token)).toBe(isShown);
  });
});

/** The words of a process, which may have ended meanwhile. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
