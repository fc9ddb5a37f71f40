import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryStore } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import { publishTiny } from '../testing/tiny-checkpoint.js';
import { pullCheckpoint } from './pull-checkpoint.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('pulling a checkpoint', () => {
  it('brings its files and the manifest that names it, byte for byte', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishTiny(store, 5);
    const { digest, manifest } = await publishTiny(store, 10);
    const names = [`sha256:${digest}`, 'tiny', 'tiny:10'];
    const statuses: string[] = [];
    for (const checkpoint of names) {
      const result = await pullCheckpoint({ store, checkpoint, out: join(folder.path, 'out') });
      expect([result.digest, result.manifest.step]).toEqual([digest, 10]);
      statuses.push(result.status);
    }
    expect(statuses).toEqual(['pulled', 'same', 'same']);
    const out = join(folder.path, 'out');
    expect((await readdir(out)).sort()).toEqual(['ema.safetensors', 'manifest.json', 'weights.safetensors']);
    expect(sha256(await readFile(join(out, 'manifest.json')))).toBe(digest);
    for (const file of manifest.files) expect(sha256(await readFile(join(out, file.path)))).toBe(file.digest);
    await expect(pullCheckpoint({ store, checkpoint: 'tiny:5', out })).rejects.toMatchObject({ code: 'object_exists' });
  });

  it('says what there is when it finds nothing, and what a reference looks like', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishTiny(store, 5);
    const pull = (checkpoint: string) => pullCheckpoint({ store, checkpoint, out: join(folder.path, 'out') });
    await expect(pull('tine')).rejects.toMatchObject({ code: 'run_unknown', message: expect.stringContaining('there is none') });
    await expect(pull('tiny:7')).rejects.toMatchObject({ code: 'checkpoint_missing', message: 'run "tiny" has no checkpoint at step 7; it has 5' });
    await expect(pull(`sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'checkpoint_missing' });
    await expect(pull('tiny:last')).rejects.toMatchObject({ code: 'invalid_argument', message: 'checkpoint reference "tiny:last": "last" is no step, which is a number from 0 on; write RUN, RUN:STEP or sha256:DIGEST' });
    expect(await readdir(folder.path)).toEqual(['store']);
  });
});
