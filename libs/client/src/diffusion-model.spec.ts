import * as tf from '@tensorflow/tfjs-core';
import { samplerNames } from '@langevin/contracts';
import { ancestralCoefficients, ddpmProcess, timestepGrid, unet2d } from '@langevin/diffusion-core';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { diffusionModel, type DiffusionModel } from './diffusion-model.js';
import type { SampleOptions, SampleProgress } from './sample-options.js';
import { samplingNoise } from './sampling-noise.js';
import { tinyCheckpoint } from './testing/tiny-checkpoint.js';

let model: DiffusionModel;

beforeAll(async () => {
  await loadTensorFlow({ backend: 'cpu' });
  model = diffusionModel(tinyCheckpoint());
});

const labels = [0, 1, 2, 1, 0];
const shape = [4, 4, 1] as const;

/** Random weights blow images up: differences are measured against the largest value. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  const scale = a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0) / scale;
}

async function images(options: SampleOptions): Promise<Float32Array> {
  return (await model.sample({ steps: 4, ...options })).images;
}

/** A model that predicts ε̂ = `bias` everywhere, whatever it sees. */
function constantModel(bias: number): DiffusionModel {
  const checkpoint = tinyCheckpoint();
  const { entries } = unet2d(checkpoint.spec.model).layout;
  const parameters = checkpoint.parameters.slice();
  for (const [name, value] of [['conv_out.weight', 0], ['conv_out.bias', bias]] as const) {
    const entry = entries.find((candidate) => candidate.name === name)!;
    parameters.fill(value, entry.offset, entry.offset + entry.size);
  }
  return diffusionModel({ ...checkpoint, parameters });
}

describe('sampling', () => {
  it('says what was drawn', async () => {
    const samples = await model.sample({ labels, steps: 2 });
    expect([samples.images.length, samples.imageShape, samples.labels]).toEqual([5 * 16, shape, Int32Array.from(labels)]);
    expect(await model.sample({ count: 2, steps: 1 })).not.toHaveProperty('labels');
  });

  const quiet = samplerNames.filter((name) => !/^ddpm$|^euler|^sde|^predictor/.test(name));
  it.each(quiet)('follows %s to (x_T − σ_T·ε̂)/α_T when the network predicts ε̂ = ¼ everywhere', async (sampler) => {
    const bias = 0.25;
    const constant = constantModel(bias);
    const { images: drawn } = await constant.sample({ labels, sampler, steps: 10, seed: 3 });
    const process = ddpmProcess(constant.checkpoint.spec.process);
    const { t } = timestepGrid(10, 'leading')[0]!;
    const start = samplingNoise(3, 0, 5, shape).start().dataSync();
    const expected = Float32Array.from(start, (x) => (x - process.sigma(t) * bias) / process.alpha(t));
    expect(largestDifference(drawn, expected)).toBeLessThan(1e-5);
    constant.dispose();
  });

  it('reads the prediction of a network that learns its variance, and is nothing for one that refines images', async () => {
    const checkpoint = tinyCheckpoint(1, { num_class_embeds: 4, out_channels: 2 });
    const learned = diffusionModel(checkpoint);
    expect(learned.imageShape).toEqual(shape);
    const { images: drawn } = await learned.sample({ labels, steps: 2 });
    expect(drawn).toHaveLength(5 * 16);
    // Whatever the variance, the prediction is the same.
    const { offset } = unet2d(checkpoint.spec.model).layout.entries.find(({ name }) => name === 'conv_out.bias')!;
    const parameters = checkpoint.parameters.map((value, i) => (i === offset + 1 ? value + 1 : value));
    const other = diffusionModel({ ...checkpoint, parameters });
    expect(await other.sample({ labels, steps: 2 })).toMatchObject({ images: drawn });
    const refining = diffusionModel(tinyCheckpoint(1, { in_channels: 2, low_resolution: { factor: 2 } }));
    const refusal = { code: 'invalid_argument', message: 'the model refines images of low resolution, by a factor of 2: give them to its denoiser' };
    await expect(refining.sample()).rejects.toMatchObject(refusal);
    for (const each of [learned, other, refining]) each.dispose();
  });

  it('adds the noise of its own index in each ancestral step', async () => {
    const constant = constantModel(0);
    const { images: drawn } = await constant.sample({ labels, sampler: 'ddpm', steps: 4, seed: 3 });
    const process = ddpmProcess(constant.checkpoint.spec.process);
    const noise = samplingNoise(3, 0, 5, shape);
    let expected: ArrayLike<number> = noise.start().dataSync();
    timestepGrid(4, 'leading').forEach((step, index) => {
      // ε̂ = 0 means x̂₀ = x/α.
      const c = ancestralCoefficients(process, step, 'fixed_small');
      const fresh = noise.step(index).dataSync();
      expected = Float64Array.from(expected, (x, i) => (c.x0 * x) / process.alpha(step.t) + c.x * x + c.noise * fresh[i]!);
    });
    expect(largestDifference(drawn, Float32Array.from(expected))).toBeLessThan(1e-5);
    constant.dispose();
  });

  // Without noise and with it, without memory and with it.
  const kinds = ['ddim', 'ddpm', 'dpm-solver++2m', 'sde-dpm-solver++2m'] as const;

  it.each(kinds)('gives the same bits again for the same seed, and others for another (%s)', async (sampler) => {
    const first = await images({ labels, sampler, seed: 9 });
    expect(await images({ labels, sampler, seed: 9 })).toEqual(first);
    expect(await images({ labels, sampler, seed: 10 })).not.toEqual(first);
  });

  it.each(kinds)('draws the same images whatever the batch size, up to rounding (%s)', async (sampler) => {
    const whole = await images({ labels, sampler, guidanceScale: 2, seed: 4 });
    const parts = await images({ labels, sampler, guidanceScale: 2, seed: 4, batchSize: 2 });
    expect(largestDifference(whole, parts)).toBeLessThan(1e-5);
    const firstThree = await images({ labels: labels.slice(0, 3), sampler, guidanceScale: 2, seed: 4 });
    expect(largestDifference(whole.subarray(0, 48), firstThree)).toBeLessThan(1e-5);
  });

  it('guides along the line from no class through the class: x̂₀(s) = none + s·(class − none)', async () => {
    // With one step the sample is x̂₀ itself.
    const draw = (guidanceScale: number) => images({ labels, guidanceScale, steps: 1 });
    const [none, plain, guided] = [await draw(0), await draw(1), await draw(2.5)];
    expect(none).toEqual(await images({ count: 5, steps: 1 }));
    expect(largestDifference(none, plain)).toBeGreaterThan(1e-4);
    const expected = plain.map((value, index) => none[index]! + 2.5 * (value - none[index]!));
    expect(largestDifference(expected, guided)).toBeLessThan(1e-5);
  });

  it('leaves images beyond [−1, 1] unless it is told to clip', async () => {
    const outside = (values: Float32Array) => values.filter((value) => Math.abs(value) > 1).length;
    expect(outside(await images({ labels }))).toBeGreaterThan(0);
    expect(outside(await images({ labels, clipSample: true }))).toBe(0);
  });

  it('draws from an unconditional model', async () => {
    const unconditional = diffusionModel(tinyCheckpoint(1, {}));
    const { images: drawn } = await unconditional.sample({ count: 2, steps: 2 });
    expect(drawn.length).toBe(32);
    unconditional.dispose();
  });

  it('reports each step of each batch', async () => {
    const seen: SampleProgress[] = [];
    await images({ labels, steps: 2, batchSize: 3, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ images, steps }) => [images, steps])).toEqual([[0, 1], [3, 2], [3, 3], [5, 4]]);
    expect(seen.every(({ totalImages, totalSteps }) => totalImages === 5 && totalSteps === 4)).toBe(true);
  });

  const remembering = ['ddim', 'unipc', 'pndm', 'dpm-solver++3m', 'predictor-corrector'] as const;
  it.each(remembering)('stops after the step under way when told to, and keeps nothing (%s)', async (sampler) => {
    const before = tf.memory().numTensors;
    const abort = new AbortController();
    let steps = 0;
    const onProgress = () => (steps += 1) === 2 && abort.abort();
    await expect(images({ labels, sampler, steps: 8, signal: abort.signal, onProgress })).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
    expect([steps, tf.memory().numTensors]).toEqual([2, before]);
  });

  it.each(['ddpm', ...remembering] as const)('keeps no tensor but the weights (%s)', async (sampler) => {
    const before = tf.memory().numTensors;
    const other = diffusionModel(tinyCheckpoint(3));
    const weights = tf.memory().numTensors;
    await other.sample({ labels, guidanceScale: 2, sampler, steps: 3 });
    expect(tf.memory().numTensors).toBe(weights);
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses options that do not fit the model before it computes anything', async () => {
    await expect(model.sample({ labels: [3] })).rejects.toThrow('labels[0] 3 is not a whole number from 0 to 2');
  });

  it('says so when the weights give values that are not finite', async () => {
    const broken = constantModel(NaN);
    await expect(broken.sample({ labels: [0], steps: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'non_finite', message: expect.stringContaining('image 0 holds a value that is not finite') }),
    );
    broken.dispose();
  });
});
