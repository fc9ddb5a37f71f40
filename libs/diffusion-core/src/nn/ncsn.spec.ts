import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { veProcess } from '../processes/index.js';
import { annealedLangevin } from '../samplers/index.js';
import { ncsn, ncsnDenoiser } from './ncsn.js';
import { splitParameters } from './split-parameters.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';
import { shakenParameters } from './testing/tiny-unet.js';

const network = ncsn({ imageChannels: 1, channels: 2, levels: 3 });
const parameters = splitParameters(tf.tensor1d(shakenParameters(network.layout, 151)), network.layout);
const x = normalTensor<tf.Rank.R4>([2, 6, 10, 1], 152);
const levels = tf.tensor1d([0, 2], 'int32');
const difference = (a: tf.Tensor, b: tf.Tensor) => Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);

/** The weights with another tensor under one name. */
const withTensor = (name: string, change: (tensor: tf.Tensor) => tf.Tensor) => parameters.map((tensor, i) => (network.layout.entries[i]!.name === name ? change(tensor) : tensor));

describe('ncsn', () => {
  it('gives a score for each pixel, follows the noise level of each image, and leaves nothing behind', () => {
    const before = tf.memory().numTensors;
    const score = network.score(parameters, x, levels);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(score.shape).toEqual(x.shape);
    const second = network.score(parameters, tf.slice(x, [1, 0, 0, 0]), tf.tensor1d([2], 'int32'));
    expect(difference(tf.slice(score, [1, 0, 0, 0]), second)).toBeLessThan(1e-5);
    const other = network.score(parameters, x, tf.tensor1d([1, 2], 'int32'));
    expect(difference(tf.slice(other, [0, 0, 0, 0], [1, 6, 10, 1]), tf.slice(score, [0, 0, 0, 0], [1, 6, 10, 1]))).toBeGreaterThan(1e-3);
  });

  it('has the gradient of finite differences in its input and in weights of every kind', () => {
    const loss = (score: tf.Tensor) => tf.mean(tf.square(score));
    const inX = directionalDerivative((v) => loss(network.score(parameters, v as tf.Tensor4D, levels)), x, 153, 0.002);
    expect(Math.abs(inX.backward / inX.central - 1)).toBeLessThan(2e-2);
    for (const name of ['begin_conv.weight', 'res2.0.shortcut.bias', 'res3.0.conv2.weight', 'res4.1.conv1.weight', 'refine2.msf.convs.1.weight', 'refine4.crp.convs.1.weight', 'refine1.output_convs.0.1.norm.alpha', 'normalizer.gamma', 'end_conv.bias']) {
      const tensor = parameters[network.layout.entries.findIndex((entry) => entry.name === name)]!;
      const { backward, central } = directionalDerivative((v) => loss(network.score(withTensor(name, () => v), x, levels)), tensor, 154, 0.002);
      expect({ name, close: Math.abs(backward - central) < 2e-2 * Math.abs(central) + 2e-3 }).toEqual({ name, close: true });
    }
  });

  it('has the parameters of the paper', () => {
    const names = network.layout.entries.map((entry) => entry.name);
    const shapeOf = (name: string) => network.layout.entries.find((entry) => entry.name === name)?.shape;
    // Residual blocks, adaptation of seven inputs, fusion, pooling, four results, the end.
    expect(names.filter((name) => name.endsWith('.gamma'))).toHaveLength(16 + 28 + 6 + 8 + 12 + 1);
    expect([shapeOf('res2.0.shortcut.weight'), shapeOf('res3.0.shortcut.weight'), shapeOf('res1.0.shortcut.weight')]).toEqual([[1, 1, 2, 4], [3, 3, 4, 4], undefined]);
    expect([shapeOf('normalizer.alpha'), shapeOf('refine3.msf.convs.0.weight'), shapeOf('refine1.msf.convs.0.weight')]).toEqual([[3, 2], [3, 3, 4, 2], undefined]);
    expect(shapeOf('refine4.crp.convs.0.bias')).toBeUndefined();
  });

  it('refuses what does not fit', () => {
    const rest = 'needs an even height and width, 1 channels and a level for each image';
    for (const shape of [[2, 5, 6, 1], [2, 6, 5, 1], [2, 6, 6, 2], [1, 6, 6, 1]] as const) {
      const refusal = { code: 'invalid_argument', message: `ncsn: x has shape [${shape.join(',')}] and there are 2 levels: ${rest}` };
      expect(() => network.score(parameters, tf.zeros([...shape]), levels)).toThrow(expect.objectContaining(refusal));
    }
  });
});

describe('ncsnDenoiser', () => {
  const process = veProcess({ sigmaMin: 0.1, sigmaMax: 2 });
  const times = [1, 0.5, 0];
  const denoiser = ncsnDenoiser(network, parameters, process, times);

  it('is x + σ²·score at the level of the nearest time', () => {
    const before = tf.memory().numTensors;
    const x0 = denoiser(x, tf.tensor1d([0.98, 0.01]));
    expect(tf.memory().numTensors).toBe(before + 2);
    const variance = tf.tensor4d([process.sigma(1) ** 2, process.sigma(0) ** 2], [2, 1, 1, 1]);
    expect(difference(x0, tf.add(x, tf.mul(variance, network.score(parameters, x, levels))))).toBeLessThan(1e-5);
  });

  it('is walked by annealed Langevin dynamics', () => {
    const noise = (step: number) => normalTensor(x.shape, 156, step);
    const drawn = annealedLangevin(denoiser, process, times, x, { stepsPerNoise: 2, noise });
    expect(drawn.shape).toEqual(x.shape);
    expect(Number.isFinite(tf.sum(drawn).dataSync()[0])).toBe(true);
    expect(difference(drawn, x)).toBeGreaterThan(1e-4);
  });
});
