import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { recordStore, storeOfDataFolder } from './recorded-store.js';

describe('the store of a data folder', () => {
  it('is a directory within it, until another one is recorded', async () => {
    await using folder = await temporaryFolder();
    const own = join(folder.path, 'store');
    expect(storeOfDataFolder(folder.path)).toBe(own);
    expect(storeOfDataFolder(join(folder.path, 'not/there'))).toBe(join(folder.path, 'not/there/store'));
    recordStore(folder.path, 's3://bucket?endpoint=http://127.0.0.1:9000');
    expect(storeOfDataFolder(folder.path)).toBe('s3://bucket?endpoint=http://127.0.0.1:9000');
    recordStore(folder.path, '/elsewhere');
    expect(storeOfDataFolder(folder.path)).toBe('/elsewhere');
    recordStore(folder.path, own);
    expect(storeOfDataFolder(folder.path)).toBe(own);
    // Nothing is noted then: the folder may be moved.
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.each(['', '{}', '{"location":7}', '{"location":"gs://x"}'])('is not guessed when the record is damaged: %s', async (text) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'store.json'), text);
    expect(() => storeOfDataFolder(folder.path)).toThrow(expect.objectContaining({ code: 'object_corrupt', message: expect.stringContaining('store.json is damaged') }));
  });
});
