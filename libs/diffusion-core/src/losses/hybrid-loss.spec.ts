import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { evenGrid } from '../likelihood/chain-grid.js';
import { decoderTerm, diffusionTerm } from '../likelihood/elbo-terms.js';
import { levelValues } from '../likelihood/levels.js';
import { addNoise, trainingTarget } from '../parameterizations/conversions.js';
import type { PredictionType } from '../parameterizations/denoiser.js';
import { toVarianceDenoiser } from '../parameterizations/learned-variance.js';
import { toDenoiser } from '../parameterizations/to-denoiser.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { varianceLimits } from '../processes/reverse-variance.js';
import { hybridLoss, vlbLoss } from './hybrid-loss.js';
import { simpleLoss } from './simple-loss.js';
import { variationalTerm } from './variational-loss.js';

const process = ddpmProcess({ num_train_timesteps: 20, beta_schedule: 'linear', beta_start: 0.001, beta_end: 0.3 });
const types: PredictionType[] = ['epsilon', 'sample', 'v_prediction', 'score'];
const [levels, values] = [256, levelValues(256)];

/** Four samples of two pixels of two channels, one at each of these times. */
function batch(type: PredictionType) {
  const times = [0, 1, 7, 19];
  const t = tf.tensor1d(times);
  const x0 = tf.tensor4d(Array.from({ length: 16 }, (_, i) => values[[0, 255, 128, 17, 200][i % 5]!]!), [4, 1, 2, 2]);
  const eps = tf.tensor4d(Array.from({ length: 16 }, (_, i) => Math.sin(3 * i + 1)), [4, 1, 2, 2]);
  const coefficients = marginalCoefficients(process, t, 4);
  const x = addNoise(x0, eps, coefficients);
  const target = trainingTarget(type, x0, eps, coefficients);
  // A prediction that is off, and a fraction that differs by pixel; near the data the first one is nearly right.
  const off = tf.tensor4d(Array.from({ length: 16 }, (_, i) => Math.cos(i) * (i < 4 ? 0.02 : 0.3)), [4, 1, 2, 2]);
  const prediction = tf.add(target, off) as tf.Tensor4D;
  const v = tf.tensor4d(Array.from({ length: 16 }, (_, i) => Math.sin(i) * 1.2), [4, 1, 2, 2]);
  return { times, t, x0, eps, coefficients, x, target, prediction, output: tf.concat([prediction, v], -1), weights: tf.tensor1d([1, 0.5, 2, 3]) };
}

const value = (scalar: tf.Tensor) => scalar.dataSync()[0]!;

describe('variationalTerm', () => {
  it.each(types)('is the term of the bound, as the likelihood has it: %s', (type) =>
    tf.tidy(() => {
      const { times, t, x0, eps, coefficients, x, prediction, output } = batch(type);
      const of = (learned: boolean) => {
        const denoiser = learned ? toVarianceDenoiser(() => output, process, type) : toDenoiser(() => prediction, process, type);
        const late = diffusionTerm(denoiser, process, x0, times.map((time) => ({ t: Math.max(time, 1), tPrev: Math.max(time, 1) - 1 })), { eps });
        return { late, denoiser };
      };
      for (const learned of [true, false]) {
        const fraction = learned ? tf.div(tf.add(tf.slice(output, [0, 0, 0, 2]), 1), 2) : undefined;
        const terms = variationalTerm(process, type, { x0, x, t, coefficients, prediction, ...(fraction && { fraction }) }).dataSync();
        const { late } = of(learned);
        for (const i of [1, 2, 3]) expect(Math.abs(terms[i]! / (late[i]! / 4 / Math.LN2) - 1)).toBeLessThan(1e-3);
      }
    }),
  );

  it('at time 0 is that of levels by a normal law around x̂₀, of the variance that is learned', () =>
    tf.tidy(() => {
      const { small, large } = varianceLimits(process, { t: 0, tPrev: -1 });
      for (const fraction of [0, 0.4, 1]) {
        const deviation = Math.sqrt(large ** fraction * small ** (1 - fraction));
        for (const [x0, estimate] of [[-1, -0.97], [1, 0.96], [values[100]!, values[100]! + 0.01]]) {
          const one = { x0: tf.tensor2d([[x0!]]), x: tf.tensor2d([[3]]), t: tf.tensor1d([0]) };
          const coefficients = marginalCoefficients(process, one.t, 2);
          const term = value(variationalTerm(process, 'sample', { ...one, coefficients, prediction: tf.tensor2d([[estimate!]]), fraction: tf.tensor2d([[fraction]]) }));
          const decoder = { kind: 'discretized', deviation, levels } as const;
          const exact = decoderTerm(() => tf.tensor2d([[estimate!]]), process, one.x0, { t: 0, decoder, eps: tf.zeros([1, 1]) })[0]! / Math.LN2;
          expect(Math.abs(term - exact)).toBeLessThan(2e-3);
        }
      }
    }));

  it('stays finite, and so does its gradient, where nothing is right', () =>
    tf.tidy(() => {
      const { t, x0, x, coefficients } = batch('sample');
      const gradient = tf.grad((prediction) => tf.sum(variationalTerm(process, 'sample', { x0, x, t, coefficients, prediction, fraction: tf.fill(x0.shape, 0.5) })))(tf.fill(x0.shape, 30));
      expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
      const term = value(variationalTerm(process, 'sample', { x0, x, t, coefficients, prediction: tf.fill(x0.shape, 30) }));
      // Of the four pixels at time 0 one is the last level, which has all that lies beyond.
      expect(Math.abs(term - (3 / 4) * 12 * Math.log2(10))).toBeLessThan(1e-3);
    }));
});

describe('vlbLoss', () => {
  it('is T times the weighted terms, with and without a learned variance', () =>
    tf.tidy(() => {
      const { t, x0, x, coefficients, prediction, output, weights } = batch('epsilon');
      const terms = (fraction?: tf.Tensor) => [...variationalTerm(process, 'epsilon', { x0, x, t, coefficients, prediction, ...(fraction && { fraction }) }).dataSync()];
      const total = (all: number[]) => 20 * (all[0]! + 0.5 * all[1]! + 2 * all[2]! + 3 * all[3]!);
      const [fixed, learned] = [prediction, output].map((said) => vlbLoss(process, 'epsilon', { x0, x, t, coefficients, weights, output: said }));
      expect(value(fixed!.lossSum) / total(terms())).toBeCloseTo(1, 5);
      expect(value(learned!.lossSum) / total(terms(tf.div(tf.add(tf.slice(output, [0, 0, 0, 2]), 1), 2)))).toBeCloseTo(1, 5);
      expect([value(fixed!.weightSum), value(learned!.weightSum)]).toEqual([6.5, 6.5]);
    }));

  it('is, on average over t, the bound of the chain without L_T', () =>
    tf.tidy(() => {
      const x0 = tf.fill([20, 1], values[77]!);
      const eps = tf.fill([20, 1], 0.4);
      const t = tf.range(0, 20);
      const coefficients = marginalCoefficients(process, t, 2);
      const said = (at: tf.Tensor) => tf.mul(0.3, at);
      const loss = vlbLoss(process, 'epsilon', { x0, x: addNoise(x0, eps, coefficients), t, coefficients, output: said(addNoise(x0, eps, coefficients)), weights: tf.ones([20]) });
      const [one, noise] = [tf.fill([1, 1], values[77]!), tf.fill([1, 1], 0.4)];
      const denoiser = toDenoiser(said, process, 'epsilon');
      const chain = evenGrid(19, 0).reduce((sum, step) => sum + diffusionTerm(denoiser, process, one, [step], { eps: noise })[0]!, 0);
      const deviation = Math.sqrt(varianceLimits(process, { t: 0, tPrev: -1 }).small);
      const first = decoderTerm(denoiser, process, one, { t: 0, decoder: { kind: 'discretized', deviation, levels }, eps: noise })[0]!;
      expect(value(loss.lossSum) / value(loss.weightSum) / ((chain + first) / Math.LN2)).toBeCloseTo(1, 3);
    }));
});

describe('hybridLoss', () => {
  it('is L_simple and a thousandth of L_vlb', () =>
    tf.tidy(() => {
      const { t, x0, x, coefficients, target, prediction, output, weights } = batch('epsilon');
      const inputs = { x0, x, t, coefficients, output, weights };
      const { lossSum, weightSum } = hybridLoss(process, 'epsilon', { ...inputs, target });
      expect(value(lossSum)).toBeCloseTo(value(simpleLoss(prediction, target, weights).lossSum) + 1e-3 * value(vlbLoss(process, 'epsilon', inputs).lossSum), 5);
      expect(value(weightSum)).toBe(6.5);
    }));

  it('leaves the gradient of the mean as L_simple has it, and teaches the variance as L_vlb does', () =>
    tf.tidy(() => {
      const { t, x0, x, coefficients, target, prediction, output, weights } = batch('v_prediction');
      const inputs = { x0, x, t, coefficients, weights };
      const hybrid = tf.grad((said) => hybridLoss(process, 'v_prediction', { ...inputs, target, output: said }).lossSum)(output);
      const [ofMean, ofVariance] = tf.split(hybrid, 2, -1) as [tf.Tensor, tf.Tensor];
      const simple = tf.grad((said) => simpleLoss(said, target, weights).lossSum)(prediction);
      expect([...ofMean.dataSync()]).toEqual([...simple.dataSync()]);
      const bound = tf.split(tf.grad((said) => vlbLoss(process, 'v_prediction', { ...inputs, output: said }).lossSum)(output), 2, -1) as [tf.Tensor, tf.Tensor];
      ofVariance.dataSync().forEach((slope, i) => expect(slope).toBeCloseTo(1e-3 * bound[1].dataSync()[i]!, 5));
      expect(Math.max(...ofVariance.dataSync().map(Math.abs))).toBeGreaterThan(1e-3);
      expect(Math.max(...bound[0].dataSync().map(Math.abs))).toBeGreaterThan(0.1);
    }));

  it('has the least bound where the learned variance is that of what the denoiser misses', () =>
    tf.tidy(() => {
      const t = tf.tensor1d([7]);
      const coefficients = marginalCoefficients(process, t, 2);
      const { small, large } = varianceLimits(process, { t: 7, tPrev: 6 });
      const x0 = tf.tensor2d([[0.2]]);
      const missed = 0.3;
      const gain = (process.alpha(6) * large) / process.sigma(7) ** 2;
      const best = Math.log((small + (gain * missed) ** 2) / small) / Math.log(large / small);
      const slope = (v: number) =>
        value(tf.grad((said) => hybridLoss(process, 'sample', { x0, x: tf.tensor2d([[0.5]]), t, coefficients, target: x0, weights: tf.tensor1d([1]), output: said }).lossSum)(tf.tensor2d([[0.2 + missed, v]])).slice([0, 1]));
      expect(best).toBeGreaterThan(0.05);
      expect(Math.abs(slope(2 * best - 1)) / Math.abs(slope(2 * best - 0.5))).toBeLessThan(1e-2);
      expect([slope(2 * best - 1.2) < 0, slope(2 * best - 0.8) > 0]).toEqual([true, true]);
    }));

  it('refuses an output without a variance, and leaves two scalars alone', () => {
    const { t, x0, eps, x, coefficients, target, prediction, output, weights } = batch('epsilon');
    const before = tf.memory().numTensors;
    const made = [hybridLoss(process, 'epsilon', { x0, x, t, coefficients, target, output, weights }), vlbLoss(process, 'epsilon', { x0, x, t, coefficients, output, weights })];
    expect(tf.memory().numTensors).toBe(before + 4);
    expect(() => hybridLoss(process, 'epsilon', { x0, x, t, coefficients, target, output: tf.tensor2d([[1, 2, 3]]), weights })).toThrow('twice the channels of an image, got 3');
    tf.dispose([t, x0, eps, x, coefficients, target, prediction, output, weights, ...made].flatMap((item) => (item instanceof tf.Tensor ? [item] : Object.values(item))));
  });
});
