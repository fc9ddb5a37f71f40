import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { startProcess, temporaryFolder } from '@langevin/testing';
import { listCheckpoints, readCheckpoint } from './checkpoint-reader.js';
import { DirectoryStore } from './directory-store.js';
import { verifyBlob } from './blobs.js';
import { checkpointKey } from './layout.js';

const kills = 30;
const hook = join(__dirname, 'testing/typescript-hook.cjs');
const script = join(__dirname, 'testing/publish-forever.cjs');

describe('a publisher that is killed', () => {
  it(`at ${kills} random moments loses no commit and leaves none that cannot be read`, async () => {
    await using folder = await temporaryFolder();
    const random = new PhiloxStream({ seed: 1, purpose: 'noise' });
    const checked = new Set<string>();
    let next = 1;
    for (let round = 0; round < kills; round++) {
      await using publisher = await startProcess(process.execPath, ['--conditions=@langevin/source', '-r', hook, script, folder.path, String(next)]);
      await publisher.waitForLine(new RegExp(`^publishing ${next + random.uniformInt(3)}$`), 120_000);
      // The moment is random, and nothing that the test expects depends on it.
      const until = process.hrtime.bigint() + BigInt(random.uniformInt(25_000)) * 1000n;
      while (process.hrtime.bigint() < until);
      publisher.signal('SIGKILL');
      expect(await publisher.exited).toEqual({ code: null, signal: 'SIGKILL' });

      const store = await DirectoryStore.open(folder.path);
      expect(await readdir(join(folder.path, '.tmp'))).toEqual([]);
      await newBlobsAreWhole(store, checked);
      const steps = await listCheckpoints(store, 'killed');
      const announced = [...publisher.stdout().matchAll(/^committed (\d+)$/gm)].map(([, step]) => Number(step));
      for (const step of announced) expect(steps).toContain(step);
      if (steps.length > 0) expect((await readCheckpoint(store, 'killed', 'latest')).manifest.step).toBe(steps.at(-1));
      next = (steps.at(-1) ?? 0) + 1;
    }
    const store = await DirectoryStore.open(folder.path);
    const steps = await listCheckpoints(store, 'killed');
    expect(steps).toEqual(Array.from({ length: next - 1 }, (_, i) => i + 1));
    for (const step of steps) await readCheckpoint(store, 'killed', step);
  }, 600_000);
});

/** Whatever lies in the store is a whole blob or a commit; what was found to be one before stays one. */
async function newBlobsAreWhole(store: DirectoryStore, checked: Set<string>): Promise<void> {
  for await (const { key } of store.list('')) {
    if (checked.has(key)) continue;
    const digest = /^v1\/blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(key)?.[1];
    const bytes = await store.get(key);
    if (digest === undefined) expect(key).toBe(checkpointKey('killed', Number(key.slice(-17, -5))));
    else await verifyBlob({ digest, size: bytes.byteLength }, bytes, key);
    checked.add(key);
  }
}
