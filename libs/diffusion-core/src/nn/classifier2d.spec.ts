import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { classifier2d } from './classifier2d.js';
import { splitParameters } from './split-parameters.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';
import { tinyClassifierConfig } from './testing/tiny-classifier.js';
import { shakenParameters, tinyConfig } from './testing/tiny-unet.js';
import { unet2dLayout } from './unet2d-layout.js';

const model = classifier2d(tinyClassifierConfig);
const parameters = splitParameters(tf.tensor1d(shakenParameters(model.layout, 61)), model.layout);
const x = normalTensor<tf.Rank.R4>([2, 4, 4, 1], 62);
const t = tf.tensor1d([10, 900]);

const largestDifference = (a: tf.Tensor, b: tf.Tensor) => Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);

describe('classifier2d', () => {
  it('has the parameters of the U-Net’s encoder under the same names and shapes, then those of the pool', () => {
    const names = model.layout.entries.map(({ name }) => name);
    const unet = unet2dLayout(tinyConfig).entries.filter(({ name }) => !/^(class_embedding|up_blocks|conv_norm_out|conv_out)/.test(name));
    expect(model.layout.entries.slice(0, unet.length).map(({ name, shape }) => [name, shape])).toEqual(unet.map(({ name, shape }) => [name, shape]));
    expect(names.slice(unet.length)).toEqual([
      'conv_norm_out.weight',
      'conv_norm_out.bias',
      'attnpool.positional_embedding',
      ...['q_proj', 'k_proj', 'v_proj', 'c_proj'].flatMap((name) => [`attnpool.${name}.weight`, `attnpool.${name}.bias`]),
    ]);
    expect(model.layout.entries.find(({ name }) => name === 'attnpool.positional_embedding')?.shape).toEqual([5, 8]);
  });

  it('gives one number a class, and leaves nothing else behind', () => {
    const before = tf.memory().numTensors;
    const logits = model.logits(parameters, x, t);
    expect(logits.shape).toEqual([2, 3]);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('treats each sample by itself, and its output follows the time and the place of things', () => {
    const both = model.logits(parameters, x, t);
    const second = model.logits(parameters, tf.slice(x, [1, 0, 0, 0]), tf.tensor1d([900]));
    expect(largestDifference(tf.slice(both, [1, 0]), second)).toBeLessThan(1e-5);
    expect(largestDifference(both, model.logits(parameters, x, tf.tensor1d([11, 900])))).toBeGreaterThan(1e-4);
    expect(largestDifference(both, model.logits(parameters, tf.reverse(x, 2), t))).toBeGreaterThan(1e-3);
  });

  it('has the gradient of finite differences in its input, which guidance follows', () => {
    const { backward, central } = directionalDerivative((at) => tf.sum(tf.square(model.logits(parameters, at as tf.Tensor4D, t))), x, 63);
    expect(Math.abs(backward / central - 1)).toBeLessThan(5e-3);
  });

  it('refuses what does not fit, by name', () => {
    const logits = (image: tf.Tensor4D, time = t) => () => model.logits(parameters, image, time);
    expect(logits(tf.zeros([2, 4, 4, 2]))).toThrow('classifier2d: x has 2 channels, in_channels is 1');
    expect(logits(tf.zeros([2, 8, 8, 1]))).toThrow('classifier2d: x is 8×8, sample_size is 4');
    expect(logits(x, tf.tensor1d([1]))).toThrow('classifier2d: t has 1 entries, x has 2 images');
    expect(() => model.logits(parameters.slice(1), x, t)).toThrow(`got ${parameters.length - 1} parameter tensors`);
  });
});
