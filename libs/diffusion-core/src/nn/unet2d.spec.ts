import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { parseUNet2DConfig } from '@langevin/contracts';
import { splitParameters } from './split-parameters.js';
import { normalTensor } from './testing/directional-derivative.js';
import { shakenParameters, tinyConfig } from './testing/tiny-unet.js';
import { unet2d } from './unet2d.js';

const model = unet2d(tinyConfig);
const parameters = splitParameters(tf.tensor1d(shakenParameters(model.layout, 61)), model.layout);
const x = normalTensor<tf.Rank.R4>([2, 4, 4, 1], 62);
const t = tf.tensor1d([10, 900]);
const labels = tf.tensor1d([0, 2], 'int32');

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);
}

describe('unet2d', () => {
  it('gives an image of the input’s size and leaves nothing else behind', () => {
    const before = tf.memory().numTensors;
    const y = model.apply(parameters, x, t, labels);
    expect(y.shape).toEqual([2, 4, 4, 1]);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('treats each sample by itself, and its output follows time and label', () => {
    const both = model.apply(parameters, x, t, labels);
    const second = model.apply(parameters, tf.slice(x, [1, 0, 0, 0]), tf.tensor1d([900]), tf.tensor1d([2], 'int32'));
    expect(largestDifference(tf.slice(both, [1, 0, 0, 0]), second)).toBeLessThan(1e-5);
    expect(largestDifference(both, model.apply(parameters, x, tf.tensor1d([11, 900]), labels))).toBeGreaterThan(1e-3);
    expect(largestDifference(both, model.apply(parameters, x, t, tf.tensor1d([1, 2], 'int32')))).toBeGreaterThan(1e-3);
  });

  it('works on images larger than sample_size', () => {
    expect(model.apply(parameters, tf.zeros([2, 6, 8, 1]), t, labels).shape).toEqual([2, 6, 8, 1]);
  });

  it('refuses what does not fit, by name', () => {
    const apply = (image: tf.Tensor4D, time = t, classes: tf.Tensor1D | undefined = labels) => () => model.apply(parameters, image, time, classes);
    expect(apply(tf.zeros([2, 4, 4, 2]))).toThrow('x has 2 channels, in_channels is 1');
    expect(apply(tf.zeros([2, 5, 4, 1]))).toThrow('x is 5×4, both must be divisible by 2');
    expect(apply(x, tf.tensor1d([1]))).toThrow('t has 1 entries, x has 2 images');
    expect(apply(x, t, tf.tensor1d([1], 'int32'))).toThrow('labels has 1 entries, x has 2 images');
    expect(() => model.apply(parameters, x, t)).toThrow('labels are missing: the network has 3 classes');
    expect(() => model.apply(parameters.slice(1), x, t, labels)).toThrow(`got ${parameters.length - 1} parameter tensors`);
    const { num_class_embeds: _, ...unlabelled } = tinyConfig;
    const unconditional = unet2d(parseUNet2DConfig(unlabelled));
    expect(() => unconditional.apply([], x, t, labels)).toThrow('the network is unconditional');
  });
});
