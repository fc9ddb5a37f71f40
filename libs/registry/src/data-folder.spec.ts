import { mkdir, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { startProcess, temporaryFolder, type StartedProcess } from '@langevin/testing';
import { DataFolder } from './data-folder.js';

const rounds = 40;

/** A process that does `act` to the folders `0`, `1` … when it is told to. */
const child = (folder: string, act: 'token' | 'announce', count = rounds): Promise<StartedProcess> =>
  startProcess(process.execPath, ['--conditions=@langevin/source', '-r', join(__dirname, 'testing/typescript-hook.cjs'), join(__dirname, 'testing/data-folder.cjs'), folder, act, String(count)]);

/** What three processes got that do `act` at the same moments, by process and round; they live until `judge` has looked. */
async function race(folder: string, act: 'token' | 'announce', judge: (got: string[][], pids: number[]) => Promise<void>): Promise<void> {
  const children = await Promise.all([1, 2, 3].map(() => child(folder, act)));
  await using _processes = { [Symbol.asyncDispose]: async () => void (await Promise.all(children.map((one) => one[Symbol.asyncDispose]()))) };
  await Promise.all(children.map((one) => one.waitForLine(/^ready$/)));
  children.forEach((one) => one.signal('SIGUSR2'));
  const lines = await Promise.all(children.map((one) => one.waitForLine(/^done (.*)$/)));
  await judge(lines.map(([, results]) => JSON.parse(results!) as string[]), children.map((one) => one.pid));
}

describe('the token of a data folder', () => {
  it('is made once, of 256 random bits, for its owner only', async () => {
    await using folder = await temporaryFolder();
    const token = new DataFolder(join(folder.path, 'not/there/yet')).token();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new DataFolder(join(folder.path, 'not/there/yet')).token()).toBe(token);
    expect(await readdir(join(folder.path, 'not/there/yet'))).toEqual(['token']);
    const { mode } = await stat(join(folder.path, 'not/there/yet/token'));
    expect(mode & 0o777).toBe(0o600);
    expect(new DataFolder(join(folder.path, 'another')).token()).not.toBe(token);
  });

  it(`is the same for 3 processes that make it at the same moment, ${rounds} times over`, async () => {
    await using folder = await temporaryFolder();
    await race(folder.path, 'token', async (got) => {
      for (let round = 0; round < rounds; round++) {
        const data = new DataFolder(join(folder.path, String(round)));
        expect(got.map((results) => results[round])).toEqual([data.token(), data.token(), data.token()]);
        expect(await readdir(data.path)).toEqual(['token']);
      }
    });
  }, 60_000);

  it('is made anew when a power cut has left an empty file', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'token'), '');
    const token = new DataFolder(folder.path).token();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new DataFolder(folder.path).token()).toBe(token);
    expect(await readdir(folder.path)).toEqual(['token']);
  });

  it('that a user wrote is taken without its line end', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'token'), 'my-own\n');
    expect(new DataFolder(folder.path).token()).toBe('my-own');
  });
});

describe('the coordinator of a data folder', () => {
  it('is the one that announced itself, until it withdraws', async () => {
    await using folder = await temporaryFolder();
    const data = new DataFolder(folder.path);
    expect(data.coordinator()).toBeNull();
    const withdrawFirst = data.announce('127.0.0.1:4711');
    expect(data.coordinator()).toEqual({ address: '127.0.0.1:4711', pid: process.pid, started: process.platform === 'linux' ? expect.stringMatching(/^[0-9a-f-]{36} \d+$/) : '' });
    // Its own word binds nobody: a restart within the process announces anew.
    expect(() => data.refuseSecondCoordinator()).not.toThrow();
    const withdraw = data.announce('127.0.0.1:4712', '/somewhere/tls', 'https://127.0.0.1:4713');
    withdrawFirst();
    expect(data.coordinator()).toMatchObject({ address: '127.0.0.1:4712', tls: '/somewhere/tls', http: 'https://127.0.0.1:4713' });
    withdraw();
    expect(data.coordinator()).toBeNull();
    expect(await readdir(folder.path)).toEqual([]);
    withdraw();
  });

  it('is refused while another one lives, by its address and process', async () => {
    await using folder = await temporaryFolder();
    const data = new DataFolder(folder.path);
    // The parent of this process lives for as long as this test.
    const file = JSON.stringify({ address: '127.0.0.1:1', pid: process.ppid });
    await writeFile(join(folder.path, 'coordinator.json'), file);
    const refusal = { code: 'address_in_use', message: `${folder.path} already has a coordinator at 127.0.0.1:1 (process ${process.ppid}): use it, stop it, or choose another --data-dir` };
    expect(() => data.refuseSecondCoordinator()).toThrow(expect.objectContaining(refusal));
    expect(() => data.announce('127.0.0.1:2')).toThrow(expect.objectContaining(refusal));
    expect(await readdir(folder.path)).toEqual(['coordinator.json']);
    expect(await readFile(join(folder.path, 'coordinator.json'), 'utf8')).toBe(file);
  });

  it('that has died is forgotten', async () => {
    await using folder = await temporaryFolder();
    const died = await child(folder.path, 'announce', 1);
    const data = new DataFolder(join(folder.path, '0'));
    await died.waitForLine(/^ready$/);
    died.signal('SIGUSR2');
    await died.waitForLine(/^done \["announced"\]$/);
    expect(data.coordinator()).toMatchObject({ address: `127.0.0.1:${died.pid}`, pid: died.pid });
    died.signal('SIGKILL');
    await died.exited;
    expect(data.coordinator()).toBeNull();
    expect(() => data.refuseSecondCoordinator()).not.toThrow();
    data.announce('127.0.0.1:4711');
    expect(data.coordinator()).toMatchObject({ address: '127.0.0.1:4711', pid: process.pid });
  }, 60_000);

  it.each([
    { whose: 'started at another time', started: '00000000-0000-0000-0000-000000000000 1', isForgotten: process.platform === 'linux' },
    { whose: 'did not say when it started', started: undefined, isForgotten: false },
  ])('whose process id now belongs to a process that $whose is forgotten: $isForgotten', async ({ started, isForgotten }) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'coordinator.json'), JSON.stringify({ address: '127.0.0.1:1', pid: process.ppid, started }));
    expect(new DataFolder(folder.path).coordinator() === null).toBe(isForgotten);
  });

  (process.platform === 'linux' ? it : it.skip)('that has ended is forgotten, though its parent takes no note of it', async () => {
    // Only Linux tells what has ended from what lives. The shell's child ends, and the program that takes the shell's place knows nothing of it.
    await using folder = await temporaryFolder();
    await using parent = await startProcess('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
    const [, pid = ''] = await parent.waitForLine(/^(\d+)$/);
    while (!/\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) await setImmediate();
    await writeFile(join(folder.path, 'coordinator.json'), JSON.stringify({ address: '127.0.0.1:1', pid: Number(pid) }));
    expect(new DataFolder(folder.path).coordinator()).toBeNull();
  });

  it(`is one of 3 that announce themselves at the same moment, ${rounds} times over`, async () => {
    await using folder = await temporaryFolder();
    await race(folder.path, 'announce', async (got, pids) => {
      for (let round = 0; round < rounds; round++) {
        const data = new DataFolder(join(folder.path, String(round)));
        const winner = data.coordinator();
        const results = got.map((one) => one[round]);
        expect(results[pids.indexOf(winner?.pid ?? 0)]).toBe('announced');
        expect(results.filter((result) => result?.startsWith(`address_in_use: ${data.path} already has a coordinator at ${winner?.address}`))).toHaveLength(2);
        expect(await readdir(data.path)).toEqual(['coordinator.json']);
      }
    });
  }, 60_000);

  it('is nobody when a power cut has left an empty file', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'coordinator.json'), '');
    const data = new DataFolder(folder.path);
    expect(data.coordinator()).toBeNull();
    data.announce('127.0.0.1:4711');
    expect(data.coordinator()?.address).toBe('127.0.0.1:4711');
  });

  it.each(['{', '7', 'null', '{"address":"a"}', '{"address":"a","pid":-1}'])('is not guessed from a damaged file: %j', async (text) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'coordinator.json');
    await writeFile(file, text);
    const data = new DataFolder(folder.path);
    expect(() => data.coordinator()).toThrow(expect.objectContaining({ code: 'object_corrupt', message: `${file} is damaged: remove it when no coordinator runs on this folder` }));
    await unlink(file);
    expect(data.coordinator()).toBeNull();
  });
});

describe('a data folder that cannot be used', () => {
  it('is refused by its path when it cannot be made', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    const path = join(folder.path, 'file/data');
    expect(() => new DataFolder(path)).toThrow(expect.objectContaining({ code: 'storage_failed', message: `cannot make the data folder ${path}: choose another with --data-dir` }));
  });

  it('is refused by its path when it cannot be written', async () => {
    await using folder = await temporaryFolder();
    // Folders in the place of the drafts: even root cannot write them.
    await mkdir(join(folder.path, `token.${process.pid}`));
    await mkdir(join(folder.path, `coordinator.json.${process.pid}`));
    const data = new DataFolder(folder.path);
    const refusal = expect.objectContaining({ code: 'storage_failed', message: expect.stringMatching(/^cannot write to the data folder .*: EISDIR.*; free it, or choose another with --data-dir$/) });
    expect(() => data.token()).toThrow(refusal);
    expect(() => data.announce('127.0.0.1:1')).toThrow(refusal);
  });
});
