import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { addNoise, predictionToX0, trainingTarget, x0ToPrediction } from './conversions.js';
import type { PredictionType } from './denoiser.js';
import { toDenoiser } from './to-denoiser.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const types: PredictionType[] = ['epsilon', 'sample', 'v_prediction', 'score'];
const shape = [4, 2, 2, 3];
const times = [0, 100, 400, 700];
const normal = (sample: number) =>
  tf.tensor(new PhiloxStream({ seed: 7, purpose: 'noise', sample }).fillNormal(new Float32Array(48)), shape);

/** One batch with a different time for each sample, and the scalars that belong to it. */
function batch() {
  const t = tf.tensor1d(times, 'int32');
  const x0 = normal(0);
  const eps = normal(1);
  const coefficients = marginalCoefficients(process, t, 4);
  return { t, x0, eps, coefficients, x: addNoise(x0, eps, coefficients) };
}

const largestDifference = (a: tf.Tensor, b: tf.Tensor) => tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);

describe('addNoise', () => {
  it('is αx₀ + σε with the coefficients of each sample', () =>
    tf.tidy(() => {
      const { x0, eps, x } = batch();
      const [clean, noise, noisy] = [x0, eps, x].map((tensor) => tensor.dataSync());
      noisy!.forEach((value, i) => {
        const time = times[Math.floor(i / 12)]!;
        expect(value).toBeCloseTo(process.alpha(time) * clean![i]! + process.sigma(time) * noise![i]!, 5);
      });
    }));
});

describe.each(types)('%s', (type) => {
  it('recovers x₀ from its training target', () =>
    tf.tidy(() => {
      const { x0, eps, x, coefficients } = batch();
      const target = trainingTarget(type, x0, eps, coefficients);
      expect(largestDifference(predictionToX0(type, target, x, coefficients), x0)).toBeLessThan(2e-5);
    }));

  it('converts x̂₀ to a prediction and back', () =>
    tf.tidy(() => {
      const { x, coefficients } = batch();
      const guess = normal(2);
      const there = x0ToPrediction(type, guess, x, coefficients);
      expect(largestDifference(predictionToX0(type, there, x, coefficients), guess)).toBeLessThan(2e-5);
    }));

  it('has the training target that x₀ itself converts to', () =>
    tf.tidy(() => {
      const { x0, eps, x, coefficients } = batch();
      const difference = largestDifference(x0ToPrediction(type, x0, x, coefficients), trainingTarget(type, x0, eps, coefficients));
      // σ(0) = 0.01: float32 rounding of x is divided by σ, for the score by σ².
      expect(difference).toBeLessThan(type === 'score' ? 1e-2 : 1e-4);
    }));

  it('becomes a denoiser that leaves nothing behind but its result', () => {
    const { t, x0, eps, x, coefficients } = batch();
    const denoiser = toDenoiser(() => trainingTarget(type, x0, eps, coefficients), process, type);
    const before = tf.memory().numTensors;
    const result = denoiser(x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(result.shape).toEqual(shape);
    expect(largestDifference(result, x0)).toBeLessThan(2e-5);
    tf.dispose([t, x0, eps, x, coefficients.alpha, coefficients.sigma, result]);
  });
});

it('keeps v = αε − σx₀ and score = −ε/σ as the papers define them', () =>
  tf.tidy(() => {
    const [alpha, sigma] = [tf.scalar(0.6), tf.scalar(0.8)];
    const [x0, eps] = [tf.tensor1d([2]), tf.tensor1d([-0.5])];
    expect(trainingTarget('v_prediction', x0, eps, { alpha, sigma }).dataSync()[0]).toBeCloseTo(0.6 * -0.5 - 0.8 * 2, 6);
    expect(trainingTarget('score', x0, eps, { alpha, sigma }).dataSync()[0]).toBeCloseTo(0.5 / 0.8, 6);
  }));

it('reads v where no signal is left: x̂₀ = −v at α = 0, σ = 1', () =>
  tf.tidy(() => {
    const none = { alpha: tf.scalar(0), sigma: tf.scalar(1) };
    const x0 = tf.tensor1d([2, -0.5]);
    const [eps] = [tf.tensor1d([0.3, 1])];
    expect([...predictionToX0('v_prediction', trainingTarget('v_prediction', x0, eps, none), addNoise(x0, eps, none), none).dataSync()]).toEqual([2, -0.5]);
  }));
