import { startProcess } from './start-process.js';

const node = process.execPath;
const waiting = 'setInterval(() => {}, 1e6)';
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('startProcess', () => {
  it('captures both streams and the exit code', async () => {
    await using child = await startProcess(node, ['-e', 'console.log("out"); console.error("err"); process.exitCode = 7']);
    expect(await child.exited).toEqual({ code: 7, signal: null });
    expect(child.stdout()).toBe('out\n');
    expect(child.stderr()).toBe('err\n');
  });

  it('gives the match of a line that came before it was asked for, and of one that comes later', async () => {
    await using child = await startProcess(node, ['-e', `console.log('port 4100'); setImmediate(() => console.error('step 12')); ${waiting}`]);
    const step = await child.waitForLine(/^step (\d+)$/);
    const port = await child.waitForLine(/^port (\d+)$/);
    expect([step[1], port[1]]).toEqual(['12', '4100']);
  });

  it('sees a last line that has no line break', async () => {
    await using child = await startProcess(node, ['-e', 'process.stdout.write("last")']);
    expect((await child.waitForLine(/^last$/))[0]).toBe('last');
  });

  it('says what a process printed when it ends before the line that was waited for', async () => {
    await using child = await startProcess(node, ['-e', 'console.log("cannot listen"); process.exitCode = 3']);
    await expect(child.waitForLine(/ready/)).rejects.toThrow(/no line matched \/ready\/: it ended with code 3. Its output:\ncannot listen/);
  });

  it('gives up on a line after its time', async () => {
    await using child = await startProcess(node, ['-e', waiting]);
    await expect(child.waitForLine(/ready/, 1)).rejects.toThrow('no line matched /ready/: 1 ms have passed');
  });

  it('passes on variables, takes away those that are undefined, and starts in the folder given', async () => {
    process.env['LANGEVIN_TEST_TAKEN'] = 'away';
    const script = 'console.log(JSON.stringify([process.env.ADDED, process.env.LANGEVIN_TEST_TAKEN ?? null, process.cwd()]))';
    await using child = await startProcess(node, ['-e', script], { env: { ADDED: 'yes', LANGEVIN_TEST_TAKEN: undefined }, cwd: '/' });
    await child.exited;
    delete process.env['LANGEVIN_TEST_TAKEN'];
    expect(JSON.parse(child.stdout())).toEqual(['yes', null, '/']);
  });

  it('sends signals, and tells which one ended the process', async () => {
    await using child = await startProcess(node, ['-e', `console.log('up'); ${waiting}`]);
    await child.waitForLine(/up/);
    child.signal('SIGTERM');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(child.processes()).toEqual([]);
  });

  it('kills the whole tree when disposed, a child that ignores SIGTERM and left the group included', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); console.log('pid ' + process.pid); ${waiting}`;
    const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit', detached: true })`;
    const child = await startProcess(node, ['-e', parent]);
    const stubbornPid = Number((await child.waitForLine(/^pid (\d+)$/))[1]);
    expect(child.processes().sort()).toEqual([child.pid, stubbornPid].sort());
    await child[Symbol.asyncDispose]();
    expect(child.processes()).toEqual([]);
    expect([alive(child.pid), await child.exited]).toEqual([false, { code: null, signal: 'SIGKILL' }]);
  });

  it('throws when there is no such command', async () => {
    await expect(startProcess('langevin-no-such-command', [])).rejects.toThrow(/ENOENT/);
  });
});
