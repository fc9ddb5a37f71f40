import { temporaryFolder } from '@langevin/testing';
import { createDocument, readDocument, readDocumentByDigest } from './documents.js';
import { DirectoryStore } from './directory-store.js';
import { blobKey } from './layout.js';

const key = 'v1/documents/one.json';
const value = { b: [1, 2], a: 'x' };

describe('documents', () => {
  it('are found by key and by the digest of their canonical JSON', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const { status, ref } = await createDocument(store, key, value);
    expect(status).toBe('created');
    expect(await readDocument(store, key)).toEqual({ ref, value });
    expect(await readDocumentByDigest(store, ref.digest)).toEqual(value);
    expect(Buffer.from(await store.get(blobKey(ref.digest))).toString()).toBe('{"a":"x","b":[1,2]}');
  });

  it('are created once: the same value is welcome, another one is not', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const { ref } = await createDocument(store, key, value);
    expect(await createDocument(store, key, { a: 'x', b: [1, 2] })).toEqual({ status: 'same', ref });
    expect(await createDocument(store, key, { a: 'y' })).toEqual({ status: 'taken', ref, existing: value });
    expect((await readDocument(store, key)).value).toEqual(value);
  });

  it('are repaired when the key, or what it points to, is damaged', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const { ref } = await createDocument(store, key, value);
    await store.put(key, Buffer.from('{}'));
    expect(await createDocument(store, key, value)).toEqual({ status: 'repaired', ref });
    await store.put(blobKey(ref.digest), Buffer.from('{}'));
    expect((await createDocument(store, key, { a: 'y' })).status).toBe('repaired');
    expect((await readDocument(store, key)).value).toEqual({ a: 'y' });
  });

  it('name the key when what it points to is gone', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await store.put(key, Buffer.from(`{"digest":"${'0'.repeat(64)}","size":2}`));
    await expect(readDocument(store, key)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(key) });
  });

  it('are no blobs of another kind', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    await store.put(blobKey(digest), Buffer.from('abc'));
    await expect(readDocumentByDigest(store, digest)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('no JSON document') });
  });
});
