import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { parseUNet2DConfig } from '@langevin/contracts';
import { leafGradient } from './leaf-gradient.js';
import { splitParameters } from './split-parameters.js';
import { batch } from './testing/tiny-batch.js';
import { shakenParameters, tinyConfig } from './testing/tiny-unet.js';
import { unet2d } from './unet2d.js';

const model = unet2d(tinyConfig);
const { layout } = model;
const flat = shakenParameters(layout, 71);

/** The same loss from the network's output and the definitions alone. */
function lossAt(values: Float32Array, type: 'epsilon' | 'sample' | 'v_prediction'): number {
  return tf.tidy(() => {
    const [a, s, w] = [batch.alpha, batch.sigma, batch.weights].map((v) => tf.reshape(v, [3, 1, 1, 1])) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const noisy = tf.add(tf.mul(a, batch.x0), tf.mul(s, batch.eps)) as tf.Tensor4D;
    const targets = { epsilon: batch.eps, sample: batch.x0, v_prediction: tf.sub(tf.mul(a, batch.eps), tf.mul(s, batch.x0)) };
    const output = model.apply(splitParameters(tf.tensor1d(values), layout), noisy, batch.t, batch.labels);
    const squares = tf.square(tf.sub(output, targets[type]));
    return Number(tf.sum(tf.mul(w, tf.div(squares, 16))).dataSync()[0]);
  });
}

describe('leafGradient', () => {
  it.each(['epsilon', 'sample', 'v_prediction'] as const)('sums the weighted loss and its gradient (%s)', (type) => {
    const parameters = splitParameters(tf.tensor1d(flat), layout);
    const before = tf.memory().numTensors;
    const { gradient, lossSum } = leafGradient(model, parameters, batch, type);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(lossSum.dataSync()[0]).toBeCloseTo(lossAt(flat, type), 4);

    // Along the gradient itself, the loss rises by |∇|² a unit: fourth-order differences in float32.
    const g = gradient.dataSync<'float32'>();
    const norm = Math.sqrt(g.reduce((sum, value) => sum + value * value, 0));
    const h = 0.02;
    const at = (step: number) => lossAt(flat.map((value, i) => value + (step * g[i]!) / norm), type);
    const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    expect(Math.abs(slope / norm - 1)).toBeLessThan(2e-3);
  });

  it('gives every parameter its own gradient, in the place of the layout', () => {
    const parameters = splitParameters(tf.tensor1d(flat), layout);
    const g = leafGradient(model, parameters, batch, 'epsilon').gradient.dataSync<'float32'>();
    const h = 0.02;
    const gentle = layout.entries.filter((entry) => /conv_in.bias|class_embedding|time_emb_proj.weight|norm2.weight|to_v.weight|upsamplers.*bias|conv_out.bias/.test(entry.name));
    expect(gentle.length).toBeGreaterThan(15);
    for (const { name, offset, size } of gentle) {
      const direction = flat.map((_, i) => (i >= offset && i < offset + size ? g[i]! : 0));
      const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
      const at = (step: number) => lossAt(flat.map((value, i) => value + (step * direction[i]!) / norm), 'epsilon');
      const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      expect({ name, close: Math.abs(slope - norm) < 5e-3 * norm + 2e-4 }).toEqual({ name, close: true });
    }
  });

  it('adds exactly nothing for a sample of weight 0', () => {
    const parameters = splitParameters(tf.tensor1d(flat), layout);
    const other = { ...batch, x0: tf.add(batch.x0, tf.reshape(tf.tensor1d([0, 0, 7]), [3, 1, 1, 1])) as tf.Tensor4D };
    const one = leafGradient(model, parameters, batch, 'epsilon');
    const two = leafGradient(model, parameters, other, 'epsilon');
    expect(two.lossSum.dataSync()).toEqual(one.lossSum.dataSync());
    expect(two.gradient.dataSync()).toEqual(one.gradient.dataSync());
  });
});

describe('leafGradient of a network for super-resolution that learns its variance', () => {
  const refined = parseUNet2DConfig({ ...tinyConfig, in_channels: 2, out_channels: 2, low_resolution: { factor: 2 } });
  const network = unet2d(refined);
  const values = shakenParameters(network.layout, 75);

  it('shows the means of four pixels beside the noisy image, and compares the first half of the output', () => {
    const parameters = splitParameters(tf.tensor1d(values), network.layout);
    const before = tf.memory().numTensors;
    const { gradient, lossSum } = leafGradient(network, parameters, batch, 'epsilon');
    expect(tf.memory().numTensors).toBe(before + 2);
    const expected = tf.tidy(() => {
      const [a, s, w] = [batch.alpha, batch.sigma, batch.weights].map((v) => tf.reshape(v, [3, 1, 1, 1])) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const coarse = tf.pool(batch.x0, 2, 'avg', 'valid', 1, 2) as tf.Tensor4D;
      const seen = tf.concat([tf.add(tf.mul(a, batch.x0), tf.mul(s, batch.eps)) as tf.Tensor4D, tf.image.resizeBilinear(coarse, [4, 4], false, true)], 3) as tf.Tensor4D;
      const output = tf.slice(network.apply(parameters, seen, batch.t, batch.labels), [0, 0, 0, 0], [3, 4, 4, 1]);
      return Number(tf.sum(tf.mul(w, tf.div(tf.square(tf.sub(output, batch.eps)), 16))).dataSync()[0]);
    });
    expect(lossSum.dataSync()[0]).toBeCloseTo(expected, 4);
    // The filter of the variance is not trained, that of the mean is.
    const { offset, size } = network.layout.entries.find(({ name }) => name === 'conv_out.weight')!;
    const slopes = gradient.dataSync().slice(offset, offset + size);
    expect(slopes.filter((_, i) => i % 2 === 1).every((slope) => slope === 0)).toBe(true);
    expect(slopes.filter((_, i) => i % 2 === 0).every((slope) => slope !== 0)).toBe(true);
  });
});
