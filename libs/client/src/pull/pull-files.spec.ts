import { writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryStore, blobKey, type ByteRange } from '@langevin/registry';
import { smallTmpfs, startProcess, temporaryFolder } from '@langevin/testing';
import { faultyStreams } from '../testing/damaging-store.js';
import { testPlan } from '../testing/test-plan.js';
import { pullFiles } from './pull-files.js';

const hook = join(__dirname, '../../../registry/src/testing/typescript-hook.cjs');
const script = join(__dirname, '../testing/die-while-pulling.cjs');

/** Mounting a small disk needs root on Linux. */
const whenRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

describe('a pull', () => {
  it('goes on where a killed one stopped, and fetches only what is missing', async () => {
    await using folder = await temporaryFolder();
    const root = join(folder.path, 'store');
    const target = join(folder.path, 'out');
    // Killed in the first file, in the second, and in its last piece.
    for (const bytes of [40_960, 110_000, 198_000]) {
      await using child = await startProcess(process.execPath, ['--conditions=@langevin/source', '-r', hook, script, root, 'kept', target, String(bytes)]);
      expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
      expect((await readdir(folder.path)).filter((name) => name.startsWith('out'))).toEqual([expect.stringMatching(/^out\.partial-kept\./)]);
      const store = await DirectoryStore.open(root);
      const plan = await testPlan(store, 'kept');
      const ranges: (ByteRange | undefined)[] = [];
      const result = await pullFiles(faultyStreams(store, { onOpen: (_key, range) => ranges.push(range) }), plan, target);
      expect(result).toMatchObject({ status: 'pulled', bytes: 200_006 });
      expect(result.fetchedBytes).toBeLessThanOrEqual(200_000 - bytes);
      expect(result.fetchedBytes).toBe(ranges.reduce((sum, range) => sum + (range ? range.end - range.start : 0), 0));
      expect((await readdir(folder.path)).sort()).toEqual(['out', 'store']);
      expect(await pullFiles(store, plan, target)).toMatchObject({ status: 'same' });
      await rm(target, { recursive: true });
    }
  }, 120_000);

  it('removes what was damaged on the way and fetches it once more', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const plan = await testPlan(store, 'noisy');
    let flips = 1;
    const noisy = faultyStreams(store, {
      onPiece: (piece, at) => (at === 8192 && flips-- > 0 ? piece.map((byte) => byte ^ 1) : piece),
    });
    const result = await pullFiles(noisy, plan, join(folder.path, 'out'));
    expect(result).toMatchObject({ status: 'pulled', fetchedBytes: 300_000 });
    expect(await pullFiles(store, plan, join(folder.path, 'out'))).toMatchObject({ status: 'same' });
  });

  it('names a file that stays damaged, makes nothing visible, and keeps the others for the next time', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const plan = await testPlan(store, 'broken');
    const file = plan.files[2]!;
    const key = blobKey('blob' in file ? file.blob.digest : '');
    const intact = await store.get(key);
    const target = join(folder.path, 'out');
    const changed = Buffer.from(intact);
    changed[77_777]! ^= 4;
    const damages: [Uint8Array | undefined, string][] = [
      [changed, 'its sha256 is'],
      [intact.subarray(1), 'it has 99999 bytes instead of 100000'],
      [undefined, 'it is not there'],
    ];
    for (const [damage, what] of damages) {
      if (damage) await store.put(key, damage);
      else await store.remove(key);
      await expect(pullFiles(store, plan, target)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(`b/second.bin: ${store.location}: ${key} is damaged: ${what}`) });
      expect((await readdir(folder.path)).filter((name) => name === 'out')).toEqual([]);
    }
    await store.put(key, intact);
    expect(await pullFiles(store, plan, target)).toMatchObject({ status: 'pulled', fetchedBytes: 100_000 });
  });

  it('does not trust what lay in its folder', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const plan = await testPlan(store, 'rotten');
    const stop = new AbortController();
    const target = join(folder.path, 'out');
    await expect(pullFiles(faultyStreams(store, { onPiece: (piece) => (stop.abort(), piece) }), plan, target, { signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
      message: 'the pull was stopped at a/first.bin; the same pull goes on from there',
    });
    const [partial] = (await readdir(folder.path)).filter((name) => name.startsWith('out.partial-rotten'));
    await writeFile(join(folder.path, partial!, 'a/first.bin'), 'not what was fetched');
    await mkdir(join(folder.path, partial!, 'b'), { recursive: true });
    await writeFile(join(folder.path, partial!, 'b/second.bin'), new Uint8Array(200_000));
    expect(await pullFiles(store, plan, target)).toMatchObject({ status: 'pulled' });
    expect(await pullFiles(store, plan, target)).toMatchObject({ status: 'same' });
  });

  it('of four at the same time leaves one whole directory and nothing else', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const plan = await testPlan(store, 'shared');
    const target = join(folder.path, 'out');
    const results = await Promise.all([1, 2, 3, 4].map(() => pullFiles(faultyStreams(store, {}), plan, target)));
    expect(results.map(({ status }) => status).sort()).toEqual(['pulled', 'same', 'same', 'same']);
    expect((await readdir(folder.path)).sort()).toEqual(['out', 'store']);
  });

  it.each(['../escaped', '/etc/escaped', 'a/../../escaped', 'a//b', '', 'a\\b'])('writes nothing outside its directory: %j', async (path) => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const plan = await testPlan(store, 'hostile');
    const hostile = { ...plan, files: [...plan.files, { path, content: Buffer.from('x') }] };
    await expect(pullFiles(store, hostile, join(folder.path, 'out'))).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('its path leaves the directory') });
    expect(await readdir(folder.path)).toEqual(['store']);
  });

  it('says how far it is', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const seen: number[] = [];
    await pullFiles(faultyStreams(store, { pieceBytes: 50_000 }), await testPlan(store, 'told'), join(folder.path, 'out'), {
      onProgress: ({ bytes, totalBytes }) => {
        expect(totalBytes).toBe(200_000);
        seen.push(bytes);
      },
    });
    expect(seen).toEqual([0, 50_000, 100_000, 100_000, 150_000, 200_000]);
  });

  whenRoot('refuses to fill a disk that cannot take it, and goes on when there is room', async () => {
    await using folder = await temporaryFolder();
    await using disk = await smallTmpfs(4);
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const plan = await testPlan(store, 'large', 1_500_000);
    const target = join(disk.path, 'out');
    await writeFile(join(disk.path, 'filler'), new Uint8Array(2_000_000));
    await expect(pullFiles(store, plan, target)).rejects.toMatchObject({ code: 'storage_full', message: expect.stringMatching(/^no space: 3000000 bytes are still to be written beside .*, \d+ are free; free some, or name a directory on another disk$/) });
    expect(await readdir(disk.path)).not.toContain('out');
    await rm(join(disk.path, 'filler'));

    // Somebody else fills the disk while the pull writes.
    const { bavail, bsize } = await statfs(disk.path);
    let filled = false;
    const result = pullFiles(faultyStreams(store, { pieceBytes: 100_000 }), plan, target, {
      onProgress: ({ bytes }) => {
        if (filled || bytes < 1_000_000) return;
        filled = true;
        writeFileSync(join(disk.path, 'filler'), new Uint8Array(bavail * bsize - bytes - 300_000));
      },
    });
    await expect(result).rejects.toMatchObject({ code: 'storage_full', message: `no space left while ${target} was pulled; free some and repeat the command: it goes on where it stopped` });
    expect(await readdir(disk.path)).not.toContain('out');
    await rm(join(disk.path, 'filler'));
    const again = await pullFiles(store, plan, target);
    expect(again.status).toBe('pulled');
    expect(again.fetchedBytes).toBeLessThan(2_000_000);
    expect((await readFile(join(target, 'b/second.bin'))).byteLength).toBe(1_500_000);
  });
});
