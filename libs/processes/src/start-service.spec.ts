import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startService, type RunningService, type StartServiceOptions } from './start-service.js';

const sources = ['--conditions=@langevin/source', '-r', join(__dirname, 'testing/typescript-hook.cjs')];
const fixture = join(__dirname, 'testing/service.cjs');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'langevin-processes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (behaviour: string, more: Partial<StartServiceOptions> = {}): Promise<RunningService> =>
  startService({ name: 'the fixture', module: fixture, args: [behaviour], output: join(folder, `${behaviour}.log`), ...more, env: { NODE_OPTIONS: sources.join(' '), ...more.env } });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startService', () => {
  it('gives what the service said when it was ready, and stops it calmly', async () => {
    const service = await start('waits', { env: { FIXTURE_VARIABLE: 'set' } });
    expect(service.facts).toEqual({ address: 'here', variable: 'set' });
    expect(isAlive(service.pid)).toBe(true);
    await service.stop();
    expect(isAlive(service.pid)).toBe(false);
    expect(await service.ended).toBeNull();
    await service.stop();
  });

  it('appends all that the service says to its log, also its last words', async () => {
    const output = join(folder, 'appended.log');
    await writeFile(output, 'from before\n');
    for (let time = 0; time < 2; time++) await (await start('waits', { output })).stop();
    const words = 'to stdout\nto stderr\nstopped: SIGTERM\n';
    expect(await readFile(output, 'utf8')).toBe(`from before\n${words}${words}`);
  });

  it('kills a service that does not stop in time', async () => {
    await using service = await start('ignores', { stopLimitMs: 50 });
    await service.stop();
    expect(isAlive(service.pid)).toBe(false);
    expect(await service.ended).toBeNull();
  });

  it('throws the error that the service reported before it was ready', async () => {
    // Many at once: the report and the end of a process come by different ways.
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => start('throws').catch((error: unknown) => error)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 'dataset_missing', message: 'there is no dataset "faces"' });
    expect(await readFile(join(folder, 'throws.log'), 'utf8')).toBe('the fixture: there is no dataset "faces"\n'.repeat(4));
  });

  it('throws what is no error of ours as internal', async () => {
    await expect(start('throws a stranger')).rejects.toMatchObject({ code: 'internal', message: 'x is not a function' });
  });

  it('says where to look when a service ends without a word', async () => {
    await expect(start('returns unready')).rejects.toMatchObject({
      code: 'internal',
      message: `the fixture ended before it was ready; its log is ${join(folder, 'returns unready.log')}`,
    });
    await expect(start('waits', { module: join(folder, 'not-there.cjs') })).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('the fixture ended with code 1; its log is') });
  });

  it('refuses a log that cannot be written, and starts nothing', async () => {
    const output = join(folder, 'no/such/folder.log');
    await expect(start('waits', { output })).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining(output) });
  });

  it('tells how a service ended that was ready', async () => {
    const [calm, failed, left, killed] = await Promise.all([start('returns'), start('fails later'), start('exits'), start('waits')]);
    process.kill(killed.pid, 'SIGKILL');
    expect(await calm.ended).toBeNull();
    expect(await failed.ended).toMatchObject({ code: 'storage_full', message: 'no space for shards' });
    expect(await left.ended).toMatchObject({ code: 'internal', message: `the fixture ended with code 7; its log is ${join(folder, 'exits.log')}` });
    expect(await killed.ended).toMatchObject({ code: 'internal', message: expect.stringContaining('the fixture ended with SIGKILL') });
  });
});

describe('a service', () => {
  it('ends when its parent is killed', async () => {
    const parent = spawn(process.execPath, [...sources, join(__dirname, 'testing/parent.cjs'), 'waits'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: sources.join(' ') } });
    const said: string[] = [];
    for await (const line of createInterface(parent.stdout)) {
      said.push(line);
      if (line.startsWith('started ')) parent.kill('SIGKILL');
    }
    // Its output is at an end: nobody holds it any more, neither the parent nor the service.
    const pid = Number(said.find((line) => line.startsWith('started '))?.slice(8));
    expect(said.at(-1)).toBe('stopped: disconnect');
    expect(pid).toBeGreaterThan(0);
  });

  it('lets all others go first when it gives way, also those of other sessions', async () => {
    await using service = await start('gives way');
    expect(getPriority(service.pid)).toBe(19);
    const group = await readFile(`/proc/${service.pid}/autogroup`, 'utf8').catch(() => 'nice 19');
    expect(group.trimEnd()).toMatch(/nice 19$/);
  });

  it('ends when its parent went before it could hear of that', async () => {
    const child = fork(fixture, ['waits', 'late'], { execArgv: sources, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const exit = once(child, 'exit', { signal: AbortSignal.timeout(20_000) });
    child.disconnect();
    try {
      expect(await exit).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it.each([
    ['SIGINT', 'waits', 0],
    ['SIGTERM', 'waits', 0],
  ] as const)('stops on %s', async (signal, behaviour, code) => {
    const service = spawn(process.execPath, [...sources, fixture, behaviour], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    const exit = once(service, 'exit');
    for await (const line of createInterface(service.stdout)) {
      if (said.push(line) === 1) service.kill(signal);
    }
    expect(said).toEqual(['to stdout', `stopped: ${signal}`]);
    expect(await exit).toEqual([code, null]);
  });

  it('leaves with code 1 and one line that says why', async () => {
    const service = spawn(process.execPath, [...sources, fixture, 'throws'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const said: string[] = [];
    const exit = once(service, 'exit');
    for await (const line of createInterface(service.stderr)) said.push(line);
    expect(said).toEqual(['fixture: there is no dataset "faces"']);
    expect(await exit).toEqual([1, null]);
  });
});
