import { temporaryFolder } from '@langevin/testing';
import { DirectoryStore } from './directory-store.js';
import { readManifest } from './checkpoint-reader.js';
import { blobKey, checkpointKey } from './layout.js';
import { publishSteps } from './testing/model-fixture.js';
import { verifyCheckpoint } from './verify-checkpoint.js';

describe('verifying a checkpoint', () => {
  it('finds nothing wrong with a whole one', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [digest] = await publishSteps(store, 'digits', 10);
    expect(await verifyCheckpoint(store, 'digits', 10)).toEqual({ run: 'digits', step: 10, digest, bytes: 900, problems: [] });
  });

  it('names every damaged file at once', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [digest] = await publishSteps(store, 'digits', 10);
    const [weights, ema, optimizer] = (await readManifest(store, digest!)).files.map((file) => blobKey(file.digest));
    await store.put(weights!, new Uint8Array(300));
    await store.put(ema!, new Uint8Array(299));
    await store.remove(optimizer!);
    expect((await verifyCheckpoint(store, 'digits', 10)).problems).toEqual([
      expect.stringMatching(new RegExp(`^weights\\.safetensors: .*${weights} is damaged: its sha256 is [0-9a-f]{64} instead of [0-9a-f]{64}$`)),
      expect.stringMatching(new RegExp(`^ema\\.safetensors: .*${ema} is damaged: it has 299 bytes instead of 300$`)),
      expect.stringContaining(optimizer!),
    ]);
  });

  it('names a damaged manifest, and passes on that the store cannot be read', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [digest] = await publishSteps(store, 'digits', 10);
    await store.put(blobKey(digest!), Buffer.from('{}'));
    expect(await verifyCheckpoint(store, 'digits', 10)).toEqual({ run: 'digits', step: 10, bytes: 0, problems: [expect.stringContaining(blobKey(digest!))] });
    await store.put(checkpointKey('digits', 10), Buffer.from('{'));
    expect((await verifyCheckpoint(store, 'digits', 10)).problems).toEqual([expect.stringContaining(checkpointKey('digits', 10))]);
    await expect(verifyCheckpoint(store, 'Digits', 10)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
