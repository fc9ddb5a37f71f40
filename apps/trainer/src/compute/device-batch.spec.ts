import * as tf from '@tensorflow/tfjs-core';
import { parseJobSpec, type JobSpec } from '@langevin/contracts';
import { trainingTask } from '@langevin/diffusion-core';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { deviceBatch, type NoiseLevels } from './device-batch.js';
import type { LeafBatch } from './protocol.js';

beforeAll(() => loadTensorFlow({ backend: 'cpu' }));

const job = (change: { model?: object; training?: object; seed?: number } = {}): JobSpec =>
  parseJobSpec({
    name: 'batch',
    seed: change.seed ?? 3,
    dataset: { name: 'dots' },
    model: { sample_size: 2, block_out_channels: [2], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 2, norm_num_groups: 1, num_class_embeds: 11, ...change.model },
    training: { steps: 1, ...change.training },
    checkpoints: { everySteps: 1 },
  });

const levels: NoiseLevels = {
  alpha: Float32Array.from({ length: 1000 }, (_, t) => 1 - t / 1000),
  sigma: Float32Array.from({ length: 1000 }, (_, t) => t / 1000),
};

const images = new PhiloxStream({ seed: 1, purpose: 'noise' }).fillNormal(new Float32Array(8 * 4));
/** So many samples from a slot on, each with values of its own. */
const leafAt = (firstSlot: number, count: number): LeafBatch => ({
  images: images.slice(firstSlot * 4, (firstSlot + count) * 4),
  labels: Int32Array.from({ length: count }, (_, i) => (firstSlot + i) % 10),
  weights: Float32Array.from({ length: count }, (_, i) => ((firstSlot + i) % 4 === 3 ? 0 : 1)),
  firstSlot,
});

type Values = Readonly<Record<'x0' | 'eps' | 't' | 'alpha' | 'sigma' | 'weights' | 'labels', number[]>>;
const fields = ['x0', 'eps', 't', 'alpha', 'sigma', 'weights', 'labels'] as const;
/** The numbers of a batch; its tensors are gone. */
function valuesOf(spec: JobSpec, step: number, leaf: LeafBatch): Values {
  const batch = deviceBatch(spec, trainingTask(spec), levels, step, leaf);
  const values = Object.fromEntries(fields.map((name) => [name, Array.from(batch[name]?.dataSync() ?? [])])) as unknown as Values; // The keys are `fields`.
  tf.dispose(Object.values(batch));
  return values;
}

describe('deviceBatch', () => {
  it.each([1, 2, 4])('gives each slot the same numbers in leaves of %i as in one leaf of 8', (count) => {
    const spec = job({ training: { labelDropout: 0.5 } });
    const whole = valuesOf(spec, 9, leafAt(0, 8));
    const parts = Array.from({ length: 8 / count }, (_, leaf) => valuesOf(spec, 9, leafAt(leaf * count, count)));
    for (const name of fields) expect(parts.flatMap((part) => part[name])).toEqual(whole[name]);
  });

  it('gives other noise at another step, slot or seed', () => {
    const base = valuesOf(job(), 1, leafAt(0, 2));
    expect(valuesOf(job(), 1, leafAt(0, 2)).eps).toEqual(base.eps);
    expect(valuesOf(job(), 2, leafAt(0, 2)).eps).not.toEqual(base.eps);
    expect(valuesOf(job({ seed: 4 }), 1, leafAt(0, 2)).eps).not.toEqual(base.eps);
    expect(base.eps.slice(0, 4)).not.toEqual(base.eps.slice(4));
  });

  it('looks the noise levels of each time up, and passes images and weights on', () => {
    const batch = valuesOf(job(), 1, leafAt(0, 8));
    expect(batch.x0).toEqual(Array.from(images));
    expect(batch.weights).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
    expect(new Set(batch.t).size).toBeGreaterThan(4);
    batch.t.forEach((t, i) => {
      expect(Number.isInteger(t) && t >= 0 && t < 1000).toBe(true);
      expect([batch.alpha[i], batch.sigma[i]]).toEqual([levels.alpha[t], levels.sigma[t]]);
    });
  });

  it('gives a sample of weight 0 finite noise: nothing times zero must be NaN', () => {
    const leaf = { ...leafAt(0, 8), weights: new Float32Array(8) };
    const batch = valuesOf(job(), 1, leaf);
    expect([...batch.eps, ...batch.alpha, ...batch.sigma].every(Number.isFinite)).toBe(true);
    expect(batch.eps).toEqual(valuesOf(job(), 1, leafAt(0, 8)).eps);
  });

  it('draws standard normal noise', () => {
    const count = 2000;
    const { eps } = valuesOf(job({ model: { num_class_embeds: undefined } }), 1, { images: new Float32Array(count * 4), labels: new Int32Array(count), weights: new Float32Array(count), firstSlot: 0 });
    const mean = eps.reduce((sum, value) => sum + value, 0) / eps.length;
    const square = eps.reduce((sum, value) => sum + value * value, 0) / eps.length;
    // Four standard deviations of the estimates: 1/√n and √(2/n).
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(eps.length));
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / eps.length));
  });

  it.each([0, 0.25, 0.5])('replaces labels by the null label with probability %d', (labelDropout) => {
    const count = 4000;
    const leaf = { images: new Float32Array(count * 4), labels: Int32Array.from({ length: count }, (_, i) => i % 10), weights: new Float32Array(count).fill(1), firstSlot: 0 };
    const { labels } = valuesOf(job({ training: { labelDropout } }), 1, leaf);
    const dropped = labels.filter((label) => label === 10).length;
    // Four standard deviations of a binomial count.
    expect(Math.abs(dropped - count * labelDropout)).toBeLessThanOrEqual(4 * Math.sqrt(count * labelDropout * (1 - labelDropout)));
    expect(labels.every((label, i) => label === 10 || label === i % 10)).toBe(true);
  });

  it('tells an unconditional network no labels', () => {
    const spec = job({ model: { num_class_embeds: undefined } });
    const batch = deviceBatch(spec, trainingTask(spec), levels, 1, leafAt(0, 2));
    expect(batch.labels).toBeUndefined();
    tf.dispose(Object.values(batch));
  });
});
