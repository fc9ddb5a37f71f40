import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { classifier2d } from './classifier2d.js';
import { classifierGradient } from './classifier-gradient.js';
import { splitParameters } from './split-parameters.js';
import { batch } from './testing/tiny-batch.js';
import { tinyClassifierConfig } from './testing/tiny-classifier.js';
import { shakenParameters } from './testing/tiny-unet.js';

const model = classifier2d(tinyClassifierConfig);
const { layout } = model;
const flat = shakenParameters(layout, 71);

/** Σ wᵢ·(ln Σ exp zᵢ − zᵢ[label]) from the network's logits, in double precision. */
function lossAt(values: Float32Array): number {
  return tf.tidy(() => {
    const [a, s] = [batch.alpha, batch.sigma].map((v) => tf.reshape(v, [3, 1, 1, 1])) as [tf.Tensor, tf.Tensor];
    const noisy = tf.add(tf.mul(a, batch.x0), tf.mul(s, batch.eps)) as tf.Tensor4D;
    const logits = model.logits(splitParameters(tf.tensor1d(values), layout), noisy, batch.t).arraySync();
    const weights = batch.weights.dataSync();
    return logits.reduce((sum, row, i) => sum + weights[i]! * (Math.log(row.reduce((total, z) => total + Math.exp(z), 0)) - row[i]!), 0);
  });
}

/** Along the gradient itself, the loss rises by |∇|² a unit: fourth-order differences in float32. */
function slopeAlong(direction: Float32Array, norm: number): number {
  const h = 0.02;
  const at = (step: number) => lossAt(flat.map((value, i) => value + (step * direction[i]!) / norm));
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}
const lengthOf = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

describe('classifierGradient', () => {
  it('sums the weighted cross-entropy and its gradient', () => {
    const parameters = splitParameters(tf.tensor1d(flat), layout);
    const before = tf.memory().numTensors;
    const { gradient, lossSum } = classifierGradient(model, parameters, batch);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(lossSum.dataSync()[0]).toBeCloseTo(lossAt(flat), 4);
    const g = gradient.dataSync<'float32'>();
    expect(Math.abs(slopeAlong(g, lengthOf(g)) / lengthOf(g) - 1)).toBeLessThan(2e-3);
  });

  it('gives every parameter its own gradient, in the place of the layout', () => {
    const g = classifierGradient(model, splitParameters(tf.tensor1d(flat), layout), batch).gradient.dataSync<'float32'>();
    const gentle = layout.entries.filter(({ name }) => /conv_in.bias|time_emb_proj.weight|norm2.weight|conv_norm_out|positional|[qvc]_proj/.test(name));
    expect(gentle.length).toBeGreaterThan(15);
    for (const { name, offset, size } of gentle) {
      const direction = flat.map((_, i) => (i >= offset && i < offset + size ? g[i]! : 0));
      const norm = lengthOf(direction);
      expect({ name, close: Math.abs(slopeAlong(direction, norm) - norm) < 5e-3 * norm + 2e-4 }).toEqual({ name, close: true });
    }
  });

  it('adds exactly nothing for a sample of weight 0', () => {
    const parameters = splitParameters(tf.tensor1d(flat), layout);
    const other = { ...batch, x0: tf.add(batch.x0, tf.reshape(tf.tensor1d([0, 0, 7]), [3, 1, 1, 1])) as tf.Tensor4D, labels: tf.tensor1d([0, 1, 0], 'int32') };
    const [one, two] = [batch, other].map((each) => classifierGradient(model, parameters, each));
    expect(two!.lossSum.dataSync()).toEqual(one!.lossSum.dataSync());
    expect(two!.gradient.dataSync()).toEqual(one!.gradient.dataSync());
  });

  it('is zero, not NaN, when every weight is 0', () => {
    const parameters = splitParameters(tf.tensor1d(flat), layout);
    const { gradient, lossSum } = classifierGradient(model, parameters, { ...batch, weights: tf.zeros([3]) });
    expect(Math.abs(lossSum.dataSync()[0]!)).toBe(0);
    expect(gradient.dataSync().every((value) => Math.abs(value) === 0)).toBe(true);
  });

  it('refuses a batch without labels', () => {
    const { labels: _, ...unlabelled } = batch;
    expect(() => classifierGradient(model, [], unlabelled)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('labels are missing') }));
  });
});
