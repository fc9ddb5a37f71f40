import * as tf from '@tensorflow/tfjs-core';
import { averageOperator, ddim, denoiseImages as denoised, estimateNoise, timestepGrid } from '@langevin/diffusion-core';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { diffusionModel, type DiffusionModel } from '../diffusion-model.js';
import { samplingNoise } from '../sampling-noise.js';
import { tinyCheckpoint } from '../testing/tiny-checkpoint.js';
import { denoiseImages } from './denoise-images.js';
import { inpaintImages, type InpaintOptions } from './inpaint-images.js';
import { interpolateImages } from './interpolate-images.js';
import { superResolveImages } from './super-resolve-images.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

/** Images of 4 × 4 with values from −0.8 to 0.8. */
const images = (count: number) => Float32Array.from({ length: 16 * count }, (_, i) => Math.sin(i * 1.7) * 0.8);
const mask = [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

native('restoring images with a model', () => {
  let model: DiffusionModel;
  beforeAll(async () => {
    await loadTensorFlow({ backend: 'tensorflow-cpu' });
    model = diffusionModel(tinyCheckpoint());
  });
  afterAll(() => model.dispose());

  it.each(['guidance', 'repaint', 'replacement', undefined] as const)('inpaint keeps known pixels and draws the others, whatever shares a batch: %s', async (method) => {
    const options: InpaintOptions = { mask, steps: 4, ...(method && { method }) };
    const before = tf.memory().numTensors;
    const [together, apart] = [await inpaintImages(model, images(3), options), await inpaintImages(model, images(3), { ...options, batchSize: 2 })];
    expect(tf.memory().numTensors).toBe(before);
    expect(together.imageShape).toEqual([4, 4, 1]);
    expect(furthest(together.images, apart.images)).toBeLessThan(1e-4);
    together.images.forEach((value, i) => (mask[i % 16] === 1 ? expect(value).toBeCloseTo(images(3)[i]!, 5) : expect(Math.abs(value)).toBeLessThanOrEqual(1)));
    // Pixels of the hole do not come from what is under it.
    const other = images(3).map((value, i) => (mask[i % 16] === 1 ? value : 9));
    expect(furthest((await inpaintImages(model, other, options)).images, together.images)).toBeLessThan(1e-6);
    // Another seed draws others.
    expect(furthest((await inpaintImages(model, images(3), { ...options, seed: 2 })).images, together.images)).toBeGreaterThan(1e-3);
  });

  it('inpaint goes back as often as it is told, and has methods that differ', async () => {
    let steps = 0;
    const drawn: Float32Array[] = [];
    for (const options of [{ method: 'replacement' }, { method: 'repaint', jumpLength: 2, resamples: 3 }, { method: 'guidance' }] as const) {
      const asked = { mask, steps: 5, ...options, onProgress: (progress: { totalSteps: number }) => void (steps = progress.totalSteps) };
      drawn.push((await inpaintImages(model, images(1), asked)).images);
      expect(steps).toBe(options.method === 'repaint' ? 5 + 2 * 2 * 2 * 2 : 5);
    }
    expect(furthest(drawn[0]!, drawn[1]!)).toBeGreaterThan(1e-3);
    expect(furthest(drawn[0]!, drawn[2]!)).toBeGreaterThan(1e-3);
  });

  it('the mean of draws is that of single draws with the seeds that follow', async () => {
    const small = new Float32Array(4).fill(0.3);
    const draw = async (seed: number, draws: number) => (await superResolveImages(model, small, { factor: 2, steps: 3, seed, draws })).images;
    const [first, second, both] = [await draw(5, 1), await draw(6, 1), await draw(5, 2)];
    expect(furthest(both, first.map((value, i) => (value + second[i]!) / 2))).toBeLessThan(1e-5);
  });

  it('super-resolution is DDIM guided to the means of squares, with the labels of each image', async () => {
    const small = Float32Array.from({ length: 8 }, (_, i) => i / 8 - 0.5);
    const before = tf.memory().numTensors;
    const guided = await superResolveImages(model, small, { factor: 2, steps: 6, labels: [0, 2] });
    expect(tf.memory().numTensors).toBe(before);
    const free = tf.tidy(() => {
      using denoiser = model.denoiser({ labels: [0, 2], clipSample: true });
      return ddim(denoiser.denoise, model.process, timestepGrid(6, 'trailing', { numTrainTimesteps: 1000 }), samplingNoise(1, 0, 2, [4, 4, 1]).start());
    });
    const missed = (values: tf.Tensor) => furthest(averageOperator(2).apply(values).dataSync(), small);
    expect(missed(tf.tensor(guided.images, [2, 4, 4, 1]))).toBeLessThan(0.6 * missed(free));
    expect(furthest((await superResolveImages(model, small, { factor: 2, steps: 6, labels: [1, 1] })).images, guided.images)).toBeGreaterThan(1e-4);
  });

  it('super-resolution is done by a network that was trained for it, each batch with its own images', async () => {
    const refining = diffusionModel(tinyCheckpoint(1, { num_class_embeds: 4, in_channels: 2, out_channels: 2, low_resolution: { factor: 2 } }));
    const small = Float32Array.from({ length: 12 }, (_, i) => i / 12 - 0.5);
    const before = tf.memory().numTensors;
    const [together, apart] = [await superResolveImages(refining, small, { factor: 2, steps: 4 }), await superResolveImages(refining, small, { factor: 2, steps: 4, batchSize: 2 })];
    expect(tf.memory().numTensors).toBe(before);
    expect(furthest(together.images, apart.images)).toBeLessThan(1e-4);
    const exact = tf.tidy(() => {
      using denoiser = refining.denoiser({ clipSample: true, lowResolution: tf.tensor4d(small, [3, 2, 2, 1]) });
      return ddim(denoiser.denoise, refining.process, timestepGrid(4, 'trailing', { numTrainTimesteps: 1000 }), samplingNoise(1, 0, 3, [4, 4, 1]).start());
    });
    expect(furthest(together.images, exact.dataSync())).toBeLessThan(1e-4);
    await expect(superResolveImages(refining, small, { factor: 4 })).rejects.toMatchObject({ code: 'invalid_argument', message: 'the model was trained to enlarge images 2 times, not 4 times' });
    exact.dispose();
    refining.dispose();
  });

  it('denoising is the posterior mean at the noise that is known, or estimated of each image', async () => {
    const noisy = images(3).map((value, i) => value + 0.3 * Math.cos(7.3 * i));
    using denoiser = model.denoiser({ clipSample: true });
    const tensor = tf.tensor(noisy, [3, 4, 4, 1]);
    for (const noise of [0.3, undefined]) {
      const result = await denoiseImages(model, noisy, { batchSize: 2, ...(noise !== undefined && { noise }) });
      const levels = noise === undefined ? estimateNoise(tensor) : [noise, noise, noise];
      expect([...result.noise]).toEqual([...levels]);
      expect(furthest(result.images, denoised(denoiser.denoise, model.process, tensor, levels).dataSync())).toBeLessThan(1e-4);
    }
  });

  it('an image in which no noise is found is taken to have the least that the model knows', async () => {
    const least = model.process.sigma(0) / model.process.alpha(0);
    expect([...(await denoiseImages(model, new Float32Array(16).fill(0.5))).noise]).toEqual([least]);
  });

  it('interpolation goes from an image to the next, and both ends are drawn again', async () => {
    const before = tf.memory().numTensors;
    const { images: row } = await interpolateImages(model, images(3), { between: 3, steps: 20 });
    expect(tf.memory().numTensors).toBe(before);
    expect(row.length).toBe(2 * 3 * 16);
    // The end of a row is the beginning of the next one: the same image, through the same latent value.
    expect(furthest(row.subarray(2 * 16, 3 * 16), row.subarray(3 * 16, 4 * 16))).toBeLessThan(0.05);
    expect(furthest(row.subarray(0, 16), row.subarray(16, 32))).toBeGreaterThan(0.2);
  });

  it.each<[string, (m: DiffusionModel) => Promise<unknown>, string]>([
    ['no images', (m) => inpaintImages(m, new Float32Array(), { mask }), '0 values are no images of 4 × 4 × 1'],
    ['a part of one', (m) => denoiseImages(m, images(1).subarray(1)), '15 values are no images'],
    ['a mask of another size', (m) => inpaintImages(m, images(1), { mask: [1] }), 'a mask of 1 values, but images of 4 × 4'],
    ['a mask between', (m) => inpaintImages(m, images(1), { mask: mask.map(() => 0.5) }), 'nothing between'],
    ['a factor that does not fit', (m) => superResolveImages(m, images(1), { factor: 3 }), 'no squares of 3 × 3'],
    ['small images of another size', (m) => superResolveImages(m, images(1).subarray(0, 6), { factor: 2 }), '6 values are no images of 2 × 2 × 1'],
    ['one image to go between', (m) => interpolateImages(m, images(1)), 'give two or more'],
    ['one image between', (m) => interpolateImages(m, images(2), { between: 1 }), 'between 1 is not a whole number of at least 2'],
    ['other labels', (m) => inpaintImages(m, images(2), { mask, labels: [1] }), '1 labels for 2 images'],
    ['no draw', (m) => inpaintImages(m, images(1), { mask, draws: 0 }), 'draws 0 is not a whole number of at least 1'],
    ['unknown noise', (m) => denoiseImages(m, images(1), { noise: -1 }), 'noise of the standard deviation -1'],
  ])('refuses %s', async (_, act, message) => {
    const before = tf.memory().numTensors;
    await expect(act(model)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(message) });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops when asked, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    const options = { mask, steps: 5, signal: stop.signal, onProgress: () => stop.abort() };
    await expect(inpaintImages(model, images(1), options)).rejects.toMatchObject({ code: 'cancelled' });
    expect(tf.memory().numTensors).toBe(before);
  });
});
