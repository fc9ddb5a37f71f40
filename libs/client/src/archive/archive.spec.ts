import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { diffusionModel } from '../diffusion-model.js';
import { tinyCheckpoint } from '../testing/tiny-checkpoint.js';
import { decodeArchive, encodeArchive } from './archive-file.js';
import { compressImages } from './compress-images.js';
import { archiveHeader, decompressImages } from './decompress-images.js';

// The bits of a network are those of the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

/** Images of 4 × 4: dark, with a bright part that moves. */
const pixels = (count: number) => Uint8Array.from({ length: 16 * count }, (_, i) => ((i * 7 + (i >> 4)) % 5 === 0 ? 200 + (i % 50) : 0));

native('an archive of images', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));
  const tiny = () => diffusionModel(tinyCheckpoint());

  it.each([
    [1, {}],
    [37, { batchSize: 4, steps: 7, seed: 3 }],
  ])('gives back %d images to the byte, with their names', async (count, options) => {
    const model = tiny();
    const names = Array.from({ length: count }, (_, i) => `image ${i}`);
    const told: number[] = [];
    const { bytes, images, seedBits, bitsPerDim, netBitsPerDim } = await compressImages(model, pixels(count), { steps: 5, ...options, names, onProgress: ({ images: done }) => told.push(done) });
    expect(await decompressImages(model, bytes)).toEqual({ pixels: pixels(count), imageShape: [4, 4, 1], names });
    expect([images, told.at(-1), archiveHeader(bytes).images]).toEqual([count, count, count]);
    expect(bitsPerDim).toBe((8 * bytes.length) / (16 * count));
    expect(netBitsPerDim).toBe((8 * bytes.length - seedBits) / (16 * count));
    // The noise of one image: 16 numbers of a few bits each.
    expect(seedBits).toBeGreaterThan(16);
    expect(seedBits).toBeLessThan(16 * 16);
    model.dispose();
  });

  it('is read by its own model alone', async () => {
    const [model, other] = [tiny(), diffusionModel({ ...tinyCheckpoint(2), digest: '1'.repeat(64) })];
    const { bytes } = await compressImages(model, pixels(2), { steps: 3 });
    await expect(decompressImages(other, bytes)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringMatching(/needs the ema weights of checkpoint sha256:0{64} \(run "tiny", step 5\), this is sha256:1{64}/) });
    const sameName = diffusionModel(tinyCheckpoint(2));
    await expect(decompressImages(sameName, bytes)).rejects.toMatchObject({ code: 'numerics_mismatch', message: expect.stringContaining('canary is') });
    await expect(decompressImages(sameName, bytes, { anyNumerics: true })).rejects.toMatchObject({ code: 'numerics_mismatch', message: expect.stringContaining('did not come out right') });
    for (const opened of [model, other, sameName]) opened.dispose();
  });

  it('names its numerics class and refuses another, unless it is tried all the same and comes out right', async () => {
    const model = tiny();
    const { bytes } = await compressImages(model, pixels(2), { steps: 3 });
    const { header, words } = decodeArchive(bytes);
    expect(header.numericsClass).toMatchObject({ backend: expect.stringMatching(/^tensorflow-cpu/), canary: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const elsewhere = encodeArchive({ header: { ...header, numericsClass: { ...header.numericsClass, cpuModel: 'another' } }, words });
    await expect(decompressImages(model, elsewhere)).rejects.toMatchObject({ code: 'numerics_mismatch', message: expect.stringMatching(/cpuModel is ".*", the archive needs "another"/) });
    expect((await decompressImages(model, elsewhere, { anyNumerics: true })).pixels).toEqual(pixels(2));
    model.dispose();
  });

  it('says what is wrong with a file', async () => {
    const model = tiny();
    const { bytes } = await compressImages(model, pixels(2), { steps: 3 });
    const changed = (at: number) => bytes.map((byte, i) => (i === at ? byte ^ 64 : byte));
    const cases: [Uint8Array, string, string][] = [
      [Buffer.from('PNG'), 'invalid_argument', 'no archive of images'],
      [changed(7), 'invalid_argument', 'no archive of images'],
      [changed(20), 'object_corrupt', 'header'],
      [changed(bytes.length - 1), 'object_corrupt', 'another sha256'],
      [bytes.subarray(0, bytes.length - 2), 'object_corrupt', 'another sha256'],
      [bytes.subarray(0, 30), 'object_corrupt', 'its header cannot be read'],
    ];
    for (const [file, code, message] of cases) await expect(decompressImages(model, file)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    const { header, words } = decodeArchive(bytes);
    const other = encodeArchive({ header, words: words.map((word, i) => (i === 0 ? word ^ 1 : word)) });
    await expect(decompressImages(model, other)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('did not come out right') });
    model.dispose();
  });

  it('refuses what is no image, and stops when asked', async () => {
    const model = tiny();
    await expect(compressImages(model, new Uint8Array())).rejects.toMatchObject({ code: 'invalid_argument', message: '0 bytes are no images of 4 × 4 × 1 values' });
    await expect(compressImages(model, pixels(1).subarray(1))).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(compressImages(model, pixels(2), { names: ['a'] })).rejects.toMatchObject({ code: 'invalid_argument', message: '1 names for 2 images' });
    const stopped = { signal: AbortSignal.abort() };
    await expect(compressImages(model, pixels(2), stopped)).rejects.toMatchObject({ code: 'cancelled' });
    const { bytes } = await compressImages(model, pixels(2), { steps: 3 });
    await expect(decompressImages(model, bytes, stopped)).rejects.toMatchObject({ code: 'cancelled' });
    model.dispose();
  });
});
