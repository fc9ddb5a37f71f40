import { execFileSync } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { smallTmpfs, startProcess, temporaryFolder, type StartedProcess } from '@langevin/testing';
import { DirectoryStore } from './directory-store.js';
import { objectStoreContract } from './testing/object-store-contract.js';

const child = (script: string, ...args: string[]): Promise<StartedProcess> =>
  startProcess(process.execPath, ['--conditions=@langevin/source', '-r', join(__dirname, 'testing/typescript-hook.cjs'), join(__dirname, 'testing', script), ...args]);

const mountable = process.platform === 'linux' && process.getuid?.() === 0;
const itMounts = mountable ? it : it.skip;
const why = mountable ? '' : ' (skipped: mounting a tmpfs needs root on Linux)';

describe('a directory store keeps the contract of object stores: it', () => {
  it.each(objectStoreContract.map(({ name, check }) => [name, check] as const))('%s', async (_name, check) => {
    await using folder = await temporaryFolder();
    await check(await DirectoryStore.open(join(folder.path, 'not/there/yet')));
    expect(await readdir(join(folder.path, 'not/there/yet/.tmp'))).toEqual([]);
  });
});

describe('DirectoryStore', () => {
  it('keeps objects from one opening to the next', async () => {
    await using folder = await temporaryFolder();
    await (await DirectoryStore.open(folder.path)).put('a/b', Buffer.from('kept'));
    const again = await DirectoryStore.open(folder.path);
    expect(Buffer.from(await again.get('a/b')).toString()).toBe('kept');
  });

  it('lets exactly one of 8 processes create an object, 25 times over', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const children = await Promise.all(Array.from({ length: 8 }, (_, i) => child('create-once.cjs', folder.path, `process ${i}`, '25')));
    await using _processes = { [Symbol.asyncDispose]: async () => void (await Promise.all(children.map((one) => one[Symbol.asyncDispose]()))) };
    await Promise.all(children.map((one) => one.waitForLine(/^ready/, 120_000)));
    children.forEach((one) => one.signal('SIGUSR2'));
    for (const one of children) expect(await one.exited).toEqual({ code: 0, signal: null });
    for (let round = 0; round < 25; round++) {
      const winners = children.flatMap((one, i) => (new RegExp(`^${round} written$`, 'm').test(one.stdout()) ? [i] : []));
      expect(winners).toHaveLength(1);
      expect(Buffer.from(await store.get(`race/${round}`)).toString()).toBe(`process ${winners[0]} in ${round}`);
    }
    expect(await readdir(join(folder.path, '.tmp'))).toEqual([]);
  }, 150_000);

  it('sweeps what dead processes and long-gone machines left, and nothing of the living', async () => {
    await using folder = await temporaryFolder();
    await DirectoryStore.open(folder.path);
    const here = hostname().toLowerCase().replace(/[^a-z0-9-]/g, '-');
    const dead = Number(execFileSync(process.execPath, ['-p', 'process.pid']));
    const names = { living: `${process.ppid}.${here}.aa`, dead: `${dead}.${here}.bb`, elsewhereNew: '1.other-host.cc', elsewhereOld: '1.other-host.dd' };
    for (const name of Object.values(names)) await writeFile(join(folder.path, '.tmp', name), 'half');
    await utimes(join(folder.path, '.tmp', names.elsewhereOld), 0, 0);
    await DirectoryStore.open(folder.path);
    expect((await readdir(join(folder.path, '.tmp'))).sort()).toEqual([names.elsewhereNew, names.living].sort());
  });

  it('shows nothing of an object whose writer was killed half-way, and clears it away', async () => {
    await using folder = await temporaryFolder();
    await using writer = await child('die-while-writing.cjs', folder.path);
    expect(await writer.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await readdir(join(folder.path, '.tmp'))).toHaveLength(1);
    expect(await readdir(folder.path)).toEqual(['.tmp']);
    const store = await DirectoryStore.open(folder.path);
    expect(await store.head('torn')).toBeUndefined();
    expect(await readdir(join(folder.path, '.tmp'))).toEqual([]);
  }, 150_000);

  it('says so when the data directory is a file', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    await expect(DirectoryStore.open(join(folder.path, 'file'))).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(/opening the store .*file.*choose another data directory/),
    });
  });

  itMounts(`says how much it needs and how much is free when the disk is full, and stays usable${why}`, async () => {
    await using disk = await smallTmpfs(1);
    const store = await DirectoryStore.open(join(disk.path, 'data'));
    await store.put('small', new Uint8Array(100_000));
    await expect(store.put('big/object', new Uint8Array(3_000_000))).rejects.toMatchObject({
      code: 'storage_full',
      message: expect.stringMatching(/^no space: writing .*\/data\/big\/object needs 3000000 bytes, \d{6} bytes are free in .*\/data; free some space or choose another data directory$/),
    });
    expect(await store.head('big/object')).toBeUndefined();
    expect(await readdir(join(disk.path, 'data/.tmp'))).toEqual([]);
    expect(await store.put('next', new Uint8Array(100_000))).toBe('written');
    expect((await store.probe()).freeBytes).toBeLessThan(1 << 20);
  });

  itMounts(`names a read-only file system${why}`, async () => {
    await using disk = await smallTmpfs(1);
    const store = await DirectoryStore.open(disk.path);
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);
    await expect(store.put('a', new Uint8Array(1))).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining('mounted read-only') });
    expect(await store.probe()).toMatchObject({ writable: false, problem: expect.stringContaining('mounted read-only') });
  });
});
