import { appendFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { getBlob, putBlob, verifyBlob } from './blobs.js';
import { DirectoryStore } from './directory-store.js';
import { blobKey } from './layout.js';

/** sha256 of "abc": FIPS 180-4, example B.1. */
const abc = { digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', size: 3 };
const key = `v1/blobs/sha256/ba/${abc.digest}`;

describe('blobs', () => {
  it('are named by the sha256 of their bytes', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    expect(await putBlob(store, Buffer.from('abc'))).toEqual(abc);
    expect(Buffer.from(await store.get(key)).toString()).toBe('abc');
    expect(Buffer.from(await getBlob(store, abc)).toString()).toBe('abc');
  });

  it('come from files too', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const bytes = Buffer.alloc(5_000_000, 'langevin');
    await writeFile(join(folder.path, 'file'), bytes);
    const ref = await putBlob(store, join(folder.path, 'file'));
    expect(ref).toEqual(await putBlob(store, bytes));
    expect(bytes.equals(await getBlob(store, ref))).toBe(true);
    await expect(putBlob(store, join(folder.path, 'nothing'))).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining('nothing') });
  });

  it('refuses a file that changes between hashing and storing', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const file = join(folder.path, 'file');
    await writeFile(file, 'abc');
    const head = store.head.bind(store);
    // The first thing after hashing is the look whether the blob is there: at this moment the file changes.
    store.head = async (asked) => {
      await writeFile(file, 'abd');
      return head(asked);
    };
    await expect(putBlob(store, file)).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining('changed while') });
    expect(await head(key)).toBeUndefined();
    expect(await readdir(join(folder.path, 'store/.tmp'))).toEqual([]);
  });

  it('are not written again when they are there', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await putBlob(store, Buffer.from('abc'));
    const before = await stat(join(folder.path, key), { bigint: true });
    await putBlob(store, Buffer.from('abc'));
    expect((await stat(join(folder.path, key), { bigint: true })).ino).toBe(before.ino);
  });

  it.each([
    ['flipped', (path: string) => writeFile(path, 'abb')],
    ['too long', (path: string) => appendFile(path, '!')],
    ['cut', (path: string) => writeFile(path, 'ab')],
  ])('that are %s are refused by name, and replaced by the next put', async (_how, damage) => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await putBlob(store, Buffer.from('abc'));
    await damage(join(folder.path, key));
    await expect(getBlob(store, abc)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(key) });
    await putBlob(store, Buffer.from('abc'));
    expect(Buffer.from(await getBlob(store, abc)).toString()).toBe('abc');
  });

  it('that differ are described by the digests, or sizes, expected and found', async () => {
    await expect(verifyBlob(abc, Buffer.from('abd'), 'peer t1')).rejects.toThrow(
      `peer t1 is damaged: its sha256 is a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9 instead of ${abc.digest}`,
    );
    await expect(verifyBlob(abc, Buffer.from('ab'), 'peer t1')).rejects.toThrow('peer t1 is damaged: it has 2 bytes instead of 3');
  });

  it('have no key when the digest is none', () => {
    expect(() => blobKey('../../etc/passwd')).toThrow(/is no sha256/);
  });
});
