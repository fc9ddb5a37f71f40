import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { conditionalInstanceNorm } from './conditional-instance-norm.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

const [levels, channels, epsilon] = [3, 4, 1e-5];
const x = normalTensor<tf.Rank.R4>([2, 3, 2, channels], 141);
const told = tf.tensor1d([2, 0], 'int32');
const [scale, offset, meanScale] = [0, 1, 2].map((i) => normalTensor<tf.Rank.R2>([levels, channels], 142, i)) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
const weights = { scale, offset, meanScale };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const standard = (value: number, values: readonly number[]) => (value - mean(values)) / Math.sqrt(mean(values.map((other) => (other - mean(values)) ** 2)) + epsilon);

describe('conditionalInstanceNorm', () => {
  it('normalises each channel, and adds how far its mean lies from those of the others, as the noise level says', () => {
    const before = tf.memory().numTensors;
    const y = conditionalInstanceNorm(x, told, weights);
    expect(tf.memory().numTensors).toBe(before + 1);
    const [gamma, beta, alpha] = [scale, offset, meanScale].map((table) => table.arraySync()) as [number[][], number[][], number[][]];
    const images = x.arraySync();
    y.arraySync().forEach((rows, b) => {
      const level = [2, 0][b]!;
      const pixels = images[b]!.flat();
      const ofChannel = (c: number) => pixels.map((pixel) => pixel[c]!);
      const means = Array.from({ length: channels }, (_, c) => mean(ofChannel(c)));
      rows.flat().forEach((pixel, p) => pixel.forEach((value, c) => {
        const expected = gamma[level]![c]! * standard(pixels[p]![c]!, ofChannel(c)) + beta[level]![c]! + alpha[level]![c]! * standard(means[c]!, means);
        expect(Math.abs(value - expected)).toBeLessThan(2e-5);
      }));
    });
  });

  it('has the gradients of finite differences, also of its gradient', () => {
    const loss = (input: tf.Tensor, given = weights) => tf.sum(tf.pow(conditionalInstanceNorm(input as tf.Tensor4D, told, given), 3));
    const slope = (v: tf.Tensor) => tf.sum(tf.square(tf.grad((inner: tf.Tensor) => loss(inner))(v)));
    const checks = [
      directionalDerivative((v) => loss(v), x, 143, 0.005),
      directionalDerivative(slope, x, 144, 0.002),
      ...(['scale', 'offset', 'meanScale'] as const).map((key) => directionalDerivative((v) => loss(x, { ...weights, [key]: v }), weights[key], 145, 0.01)),
    ];
    for (const { backward, central } of checks) expect(Math.abs(backward / central - 1)).toBeLessThan(1e-2);
  });

  it('adds its ε to the variance', () => {
    const still = tf.ones<tf.Rank.R4>([2, 2, 2, channels]);
    const y = conditionalInstanceNorm(still, told, weights);
    expect(tf.max(tf.abs(tf.sub(y, tf.reshape(tf.gather(offset, told), [2, 1, 1, channels])))).dataSync()[0]).toBeLessThan(1e-6);
    const tame = conditionalInstanceNorm(x, told, weights, 1e6);
    expect(tf.max(tf.abs(tf.sub(tame, tf.reshape(tf.gather(offset, told), [2, 1, 1, channels])))).dataSync()[0]).toBeLessThan(0.02);
  });
});
