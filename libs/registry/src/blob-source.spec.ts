import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { blobSource } from './blob-source.js';
import { putBlob } from './blobs.js';
import { DirectoryStore } from './directory-store.js';
import { blobKey } from './layout.js';

describe('blobSource', () => {
  it('finds the blobs of a store by digest, and nothing else', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const source = blobSource(store);
    const bytes = Buffer.from('content');
    const { digest } = await putBlob(store, bytes);
    expect(Buffer.from((await source(digest))!)).toEqual(bytes);
    const empty = await putBlob(store, new Uint8Array());
    expect((await source(empty.digest))?.byteLength).toBe(0);
    expect(await source('f'.repeat(64))).toBeUndefined();
  });

  it('gives no damaged bytes away', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const { digest } = await putBlob(store, Buffer.from('content'));
    await writeFile(join(folder.path, blobKey(digest)), 'CONTENT');
    await expect(blobSource(store)(digest)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(digest) });
  });

  it.each(['', 'abc', '../../v1/cluster.json', 'F'.repeat(64)])('refuses %j, which is no digest', async (digest) => {
    await using folder = await temporaryFolder();
    await expect(blobSource(await DirectoryStore.open(folder.path))(digest)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
