import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { silu } from '../nn/silu.js';
import { denoisingScoreMatching, implicitScoreMatching, slicedScoreMatching, type ScoreFunction } from './score-matching.js';

const value = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
const rows = [[0.3, -0.7], [1.9, 1.2], [-1, 0.4]];
const weights = [1, 0.5, 2];
const inputs = () => ({ x: tf.tensor2d(rows), w: tf.tensor1d(weights) });
/** s(x) = −a·(x − m), the score of N(m, 1/a) in each element. */
const linear = (a: tf.Tensor, m: tf.Tensor): ScoreFunction => (x) => tf.neg(tf.mul(a, tf.sub(x, m)));

/** A network of one hidden layer of two: s = silu(x·U + b)·V. */
const net = (u: tf.Tensor): ScoreFunction => (x) => tf.matMul(silu(tf.add(tf.matMul(x as tf.Tensor2D, tf.reshape(tf.slice(u, 0, 4), [2, 2]) as tf.Tensor2D), tf.slice(u, 4, 2))) as tf.Tensor2D, tf.reshape(tf.slice(u, 6, 4), [2, 2]) as tf.Tensor2D);
const theta = [0.7, -0.4, 0.3, 1.1, 0.2, -0.5, 0.9, 0.6, -0.8, 0.5];
/** The same in float64, with its Jacobian. */
function exactNet(p: readonly number[], x: readonly number[]) {
  const z = [0, 1].map((j) => x[0]! * p[j]! + x[1]! * p[2 + j]! + p[4 + j]!);
  const sigmoid = z.map((value) => 1 / (1 + Math.exp(-value)));
  const slope = z.map((value, j) => sigmoid[j]! * (1 + value * (1 - sigmoid[j]!)));
  const s = [0, 1].map((k) => z.reduce((sum, value, j) => sum + value * sigmoid[j]! * p[6 + 2 * j + k]!, 0));
  const jacobian = (k: number, i: number) => [0, 1].reduce((sum, j) => sum + p[2 * i + j]! * slope[j]! * p[6 + 2 * j + k]!, 0);
  return { s, jacobian };
}
const losses = {
  implicit: (p: readonly number[]) => rows.reduce((sum, x, n) => { const { s, jacobian } = exactNet(p, x); return sum + weights[n]! * ((s[0]! ** 2 + s[1]! ** 2) / 2 + jacobian(0, 0) + jacobian(1, 1)); }, 0),
  sliced: (p: readonly number[], v: readonly number[], reduced: boolean) =>
    rows.reduce((sum, x, n) => {
      const { s, jacobian } = exactNet(p, x);
      const along = v[0]! * s[0]! + v[1]! * s[1]!;
      const trace = [0, 1].reduce((all, k) => all + [0, 1].reduce((part, i) => part + v[k]! * jacobian(k, i) * v[i]!, 0), 0);
      return sum + weights[n]! * ((reduced ? s[0]! ** 2 + s[1]! ** 2 : along * along) / 2 + trace);
    }, 0),
};
const slopes = (f: (p: readonly number[]) => number) => theta.map((_, i) => { const moved = (h: number) => f(theta.map((value, j) => (j === i ? value + h : value))); return (moved(1e-5) - moved(-1e-5)) / 2e-5; });
const expectGradient = (loss: (p: tf.Tensor) => tf.Scalar, exact: (p: readonly number[]) => number) => {
  const { value: got, grad } = tf.valueAndGrad(loss)(tf.tensor1d(theta));
  expect(value(got)).toBeCloseTo(exact(theta), 4);
  const wanted = slopes(exact);
  grad.dataSync().forEach((slope, i) => expect(Math.abs(slope - wanted[i]!)).toBeLessThan(1e-3));
};

describe('implicitScoreMatching', () => {
  it('is ½‖s‖² + tr ∂s/∂x, and its gradient through the Jacobian is right to second order', () =>
    tf.tidy(() => {
      const { x, w } = inputs();
      expectGradient((p) => implicitScoreMatching(net(p), x, w).lossSum, losses.implicit);
      expect(value(implicitScoreMatching(net(tf.tensor1d(theta)), x, w).weightSum)).toBe(3.5);
    }));

  it('is least for the mean and the precision of the data, by a linear score', () =>
    tf.tidy(() => {
      const x = tf.tensor2d([[1], [2], [4], [5]]);
      const gradient = tf.grads((a: tf.Tensor, m: tf.Tensor) => implicitScoreMatching(linear(a, m), x, tf.ones([4])).lossSum);
      const slopesAt = (a: number, m: number) => gradient([tf.scalar(a), tf.scalar(m)]).map(value);
      // Mean 3, variance 2.5.
      slopesAt(1 / 2.5, 3).forEach((slope) => expect(Math.abs(slope)).toBeLessThan(1e-5));
      expect(slopesAt(0.5, 3)[0]).toBeGreaterThan(0.5);
      expect(slopesAt(0.3, 3)[0]).toBeLessThan(-0.5);
      expect(slopesAt(0.4, 3.5)[1]).toBeGreaterThan(0.1);
    }));
});

describe('slicedScoreMatching', () => {
  const v = [0.6, -1.7];
  const probe = () => tf.tensor2d([v, v, v] as [number[], number[], number[]]);
  it.each([[true], [false]])('is vᵀ(∂s/∂x)v and a square, and its gradient is right to second order: variance reduced %s', (varianceReduced) =>
    tf.tidy(() => {
      const { x, w } = inputs();
      expectGradient((p) => slicedScoreMatching(net(p), x, probe(), w, { varianceReduced }).lossSum, (p) => losses.sliced(p, v, varianceReduced));
    }),
  );

  it('reduces the variance unless told, and is that of implicit score matching on average over all signs', () =>
    tf.tidy(() => {
      const { x, w } = inputs();
      const score = net(tf.tensor1d(theta));
      const of = (signs: number[], options?: object) => value(slicedScoreMatching(score, x, tf.tensor2d([signs, signs, signs]), w, options).lossSum);
      const all = [[1, 1], [1, -1], [-1, 1], [-1, -1]];
      for (const varianceReduced of [true, false]) {
        expect(all.reduce((sum, signs) => sum + of(signs, { varianceReduced }) / 4, 0)).toBeCloseTo(value(implicitScoreMatching(score, x, w).lossSum), 4);
      }
      expect(of([1, 1])).toBe(of([1, 1], { varianceReduced: true }));
      expect(of([1, 1])).not.toBeCloseTo(of([1, 1], { varianceReduced: false }), 3);
    }));
});

describe('denoisingScoreMatching', () => {
  it('is ½‖s(x + σε) + ε/σ‖², weighted', () =>
    tf.tidy(() => {
      const { x, w } = inputs();
      const noise = [[0.5, 1], [-1, 0.2], [0.1, -2]];
      const { lossSum, weightSum } = denoisingScoreMatching(linear(tf.scalar(0.7), tf.scalar(0.2)), x, tf.tensor2d(noise), 0.4, w);
      const exact = rows.reduce((sum, row, n) => sum + weights[n]! * row.reduce((all, clean, i) => all + (-0.7 * (clean + 0.4 * noise[n]![i]! - 0.2) + noise[n]![i]! / 0.4) ** 2 / 2, 0), 0);
      expect(value(lossSum)).toBeCloseTo(exact, 4);
      expect(value(weightSum)).toBe(3.5);
    }));

  it.each([0.3, 1, 2.5])('is least for the score of the data with the noise: σ = %d', (sigma) =>
    tf.tidy(() => {
      // Data of mean 3 and variance 4 with noise of variance 1, each with each: the moments of a normal law, which are all that a linear score sees.
      const x = tf.tensor2d([[1], [1], [5], [5]]);
      const eps = tf.tensor2d([[1], [-1], [1], [-1]]);
      const gradient = tf.grads((a: tf.Tensor, m: tf.Tensor) => denoisingScoreMatching(linear(a, m), x, eps, sigma, tf.ones([4])).lossSum);
      const slopesAt = (a: number, m: number) => gradient([tf.scalar(a), tf.scalar(m)]).map(value);
      const precision = 1 / (4 + sigma ** 2);
      slopesAt(precision, 3).forEach((slope) => expect(Math.abs(slope)).toBeLessThan(1e-4));
      expect(slopesAt(1.1 * precision, 3)[0]).toBeGreaterThan(0.1);
      expect(slopesAt(0.9 * precision, 3)[0]).toBeLessThan(-0.1);
      expect(slopesAt(precision, 3.3)[1]).toBeGreaterThan(0.01);
    }),
  );
});

it('every score matching leaves two scalars and nothing else', () => {
  const { x, w } = inputs();
  const [p, v] = [tf.tensor1d(theta), tf.ones([3, 2])];
  const before = tf.memory().numTensors;
  const made = [implicitScoreMatching(net(p), x, w), slicedScoreMatching(net(p), x, v, w), denoisingScoreMatching(net(p), x, v, 0.5, w)];
  expect(tf.memory().numTensors).toBe(before + 6);
  tf.dispose([x, w, p, v, ...made.flatMap(({ lossSum, weightSum }) => [lossSum, weightSum])]);
});
