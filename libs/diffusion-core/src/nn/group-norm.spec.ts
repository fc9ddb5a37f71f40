import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { GroupAverages } from './group-averages.js';
import { groupNorm } from './group-norm.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

const groups = 3;
const epsilon = 1e-3;
const shape: [number, number, number, number] = [2, 3, 4, 6];

const x = normalTensor<tf.Rank.R4>(shape, 21);
const scale = normalTensor<tf.Rank.R1>([6], 22);
const offset = normalTensor<tf.Rank.R1>([6], 23);
const shift = normalTensor<tf.Rank.R4>([2, 1, 1, 6], 24);
const weights = normalTensor<tf.Rank.R4>(shape, 25);

/** Group normalisation as it is defined, from tfjs operations: mean and variance of each group, then scale and offset. */
function reference(input: tf.Tensor, s: tf.Tensor, o: tf.Tensor, activate: boolean): tf.Tensor {
  const [b, h, w, c] = shape;
  const grouped = tf.reshape(input, [b, h * w, groups, c / groups]);
  const mean = tf.mean(grouped, [1, 3], true);
  const centered = tf.sub(grouped, mean);
  const variance = tf.mean(tf.square(centered), [1, 3], true);
  const normal = tf.reshape(tf.div(centered, tf.sqrt(tf.add(variance, epsilon))), shape);
  const u = tf.add(tf.mul(normal, s), o);
  return activate ? tf.mul(u, tf.sigmoid(u)) : u;
}

function layer(input: tf.Tensor, s: tf.Tensor, o: tf.Tensor, activate: boolean, shifted?: tf.Tensor): tf.Tensor {
  const shiftArgument = shifted === undefined ? {} : { shift: shifted as tf.Tensor4D };
  return groupNorm(input as tf.Tensor4D, {
    scale: s as tf.Tensor1D,
    offset: o as tf.Tensor1D,
    groups,
    epsilon,
    activate,
    averages: new GroupAverages(),
    ...shiftArgument,
  });
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);
}

describe.each([true, false])('groupNorm (SiLU: %s)', (activate) => {
  it('is the formula of Wu & He, of x and of x + shift', () => {
    expect(largestDifference(layer(x, scale, offset, activate), reference(x, scale, offset, activate))).toBeLessThan(1e-5);
    expect(largestDifference(layer(x, scale, offset, activate, shift), reference(tf.add(x, shift), scale, offset, activate))).toBeLessThan(1e-5);
  });

  it('has the gradients of the formula with respect to x, scale, offset and shift', () => {
    const objective = (y: tf.Tensor) => tf.sum(tf.mul(weights, y));
    const ours = tf.grads((a, s, o, d) => objective(layer(a!, s!, o!, activate, d)))([x, scale, offset, shift]);
    const expected = tf.grads((a, s, o, d) => objective(reference(tf.add(a!, d!), s!, o!, activate)))([x, scale, offset, shift]);
    expected.forEach((gradient, i) => {
      expect(ours[i]!.shape).toEqual(gradient.shape);
      expect(largestDifference(ours[i]!, gradient)).toBeLessThan(2e-5);
    });
  });

  it('agrees with finite differences, also when differentiated twice', () => {
    const once = (a: tf.Tensor) => tf.sum(tf.mul(weights, layer(a, scale, offset, activate, shift)));
    const twice = (a: tf.Tensor) => tf.sum(tf.square(tf.grad(once)(a)));
    for (const f of [once, twice]) {
      const { backward, central } = directionalDerivative(f, x, 26);
      expect(Math.abs(backward - central)).toBeLessThan(3e-3 * Math.max(1, Math.abs(central)));
      expect(Math.abs(central)).toBeGreaterThan(0.05);
    }
  });
});

describe('groupNorm', () => {
  it('gives finite values for a constant image far from zero, whose variance rounds below zero', () => {
    const y = layer(tf.fill(shape, 300.1), tf.ones([6]), tf.zeros([6]), false);
    expect(y.dataSync().every(Number.isFinite)).toBe(true);
  });

  it('leaves only gradients behind', () => {
    const before = tf.memory().numTensors;
    const gradients = tf.tidy(() => tf.grads((a, d) => tf.sum(layer(a!, scale, offset, true, d)))([x, shift]));
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose(gradients);
  });
});
