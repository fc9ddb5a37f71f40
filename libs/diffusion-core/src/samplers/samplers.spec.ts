import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import type { PredictionType } from '../parameterizations/denoiser.js';
import { toDenoiser } from '../parameterizations/to-denoiser.js';
import { ddpmProcess, type VarianceType } from '../processes/ddpm-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { ddim } from './ddim.js';
import { ddpmAncestral } from './ddpm-ancestral.js';
import { ancestralCoefficients } from './step-coefficients.js';
import { timestepGrid } from './timestep-grid.js';

const linear = { num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 } as const;
const process = ddpmProcess(linear);
const exact = gaussianDenoiser(process, { mean: 0, variance: 0.25 });

const normals = (step: number, shape: number[]) =>
  tf.tensor(new PhiloxStream({ seed: 5, purpose: 'samplerNoise', step }).fillNormal(new Float32Array(tf.util.sizeFromShape(shape))), shape);
const variance = (x: tf.Tensor) => tf.tidy(() => tf.moments(x).variance.dataSync()[0]!);

/** diffusers' test setting: the "network" x·t/(t+1) on samples 0/768 … 767/768, laid out here as [4, 8, 8, 3]. */
const dummyModel = (x: tf.Tensor, t: tf.Tensor1D) =>
  tf.tidy(() => {
    const time = tf.reshape(t, [-1, 1, 1, 1]);
    return tf.mul(x, tf.div(time, tf.add(time, 1)));
  });
const dummySample = () => tf.reshape(tf.div(tf.range(0, 768), 768), [4, 8, 8, 3]);
const sumOfAbsolutes = (x: tf.Tensor) => tf.tidy(() => tf.sum(tf.abs(x)).dataSync()[0]!);

function dummyLoop(predictionType: PredictionType, betaStart: number, lastStep: number): number {
  return tf.tidy(() => {
    const from = ddpmProcess({ ...linear, beta_start: betaStart });
    const denoiser = toDenoiser(dummyModel, from, predictionType);
    return sumOfAbsolutes(ddim(denoiser, from, timestepGrid(10, 'leading').slice(0, lastStep), dummySample()));
  });
}

describe('ddim', () => {
  // The sums that diffusers' own scheduler tests assert, with their tolerance 1e-2.
  it('gives the sum 172.0067 of diffusers for 10 steps of an ε-model', () => {
    expect(Math.abs(dummyLoop('epsilon', 1e-4, 10) - 172.0067)).toBeLessThan(1e-2);
  });

  it('gives the sum 52.5302 of diffusers for a v-model', () => {
    expect(Math.abs(dummyLoop('v_prediction', 1e-4, 10) - 52.5302)).toBeLessThan(1e-2);
  });

  it('gives the sums of diffusers with beta_start 0.01: 149.8295 to clean data, 149.0784 to time 0', () => {
    expect(Math.abs(dummyLoop('epsilon', 0.01, 10) - 149.8295)).toBeLessThan(1e-2);
    // set_alpha_to_one=False: the last step stays at time 0, so the grid ends there.
    expect(Math.abs(dummyLoop('epsilon', 0.01, 9) - 149.0784)).toBeLessThan(1e-2);
  });

  it('gives the sum 354.5418 of diffusers from a noised sample, entering the grid at its ninth step', () =>
    tf.tidy(() => {
      const grid = timestepGrid(10, 'leading').slice(8);
      const { t } = grid[0]!;
      const noise = tf.reverse(tf.div(tf.range(0, 768), 768));
      const start = tf.add(tf.mul(process.alpha(t), dummySample()), tf.mul(process.sigma(t), tf.reshape(noise, [4, 8, 8, 3])));
      const sum = sumOfAbsolutes(ddim(toDenoiser(dummyModel, process, 'epsilon'), process, grid, start));
      expect(Math.abs(sum - 354.5418)).toBeLessThan(1e-2);
    }));

  it('multiplies x_T by .374128 in 10 steps for data N(0, ¼), as its closed recursion says', () =>
    tf.tidy(() => {
      const x = ddim(exact, process, timestepGrid(10, 'leading'), tf.tensor2d([[1], [-2]]));
      const [a, b] = x.dataSync();
      expect(Math.abs(a! - 0.374128)).toBeLessThan(2e-6);
      expect(Math.abs(b! + 2 * 0.374128)).toBeLessThan(4e-6);
    }));

  it('refuses an η outside 0 … 1 and an η > 0 without noise', () =>
    tf.tidy(() => {
      const x = tf.zeros([1, 1]);
      expect(() => ddim(exact, process, timestepGrid(10, 'leading'), x, { eta: 1.5 })).toThrow('eta 1.5 lies outside 0 … 1');
      expect(() => ddim(exact, process, timestepGrid(10, 'leading'), x, { eta: 1 })).toThrow('pass options.noise');
    }));
});

describe('ddpmAncestral', () => {
  it.each<[VarianceType]>([['fixed_small'], ['fixed_large']])(
    'with %s samples data N(0, ¼) with the variance of its closed recursion (20 steps, 4 standard errors)',
    (varianceType) => {
      const [size, grid] = [20_000, timestepGrid(20, 'leading')];
      const expected = grid.reduce((total, step) => {
        const [alpha, sigma] = [process.alpha(step.t), process.sigma(step.t)];
        const c = ancestralCoefficients(process, step, varianceType);
        return (c.x0 * ((0.25 * alpha) / (0.25 * alpha ** 2 + sigma ** 2)) + c.x) ** 2 * total + c.noise ** 2;
      }, 1);
      const noise = (step: number) => normals(step, [1, size]);
      const x = tf.tidy(() => ddpmAncestral(exact, process, grid, normals(5000, [1, size]), { varianceType, noise }));
      expect(Math.abs(variance(x) / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
      tf.dispose(x);
    },
  );
});

describe('every sampler', () => {
  const grid = timestepGrid(6, 'trailing');
  const samplers = [
    ['ddim, η = 0.5', (x: tf.Tensor, o: object) => ddim(exact, process, grid, x, { eta: 0.5, noise: (i) => normals(i, [3, 2]), ...o })],
    ['ddpmAncestral', (x: tf.Tensor, o: object) => ddpmAncestral(exact, process, grid, x, { noise: (i) => normals(i, [3, 2]), ...o })],
  ] as const;

  it.each(samplers)('leaves its result, its input and nothing else: %s', (_, sample) => {
    const x = normals(99, [3, 2]);
    const before = tf.memory().numTensors;
    const result = sample(x, {});
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(result.shape).toEqual([3, 2]);
    tf.dispose([x, result]);
  });

  it.each(samplers)('asks for noise once a noisy step, never for the last, and reports every step: %s', (_, sample) =>
    tf.tidy(() => {
      const asked: number[] = [];
      const seen: number[] = [];
      const x = normals(99, [3, 2]);
      const noise = (i: number) => {
        asked.push(i);
        return normals(i, [3, 2]);
      };
      sample(x, { noise, onStep: (i: number) => seen.push(i) });
      expect(asked).toEqual([0, 1, 2, 3, 4]);
      expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    }),
  );

  it.each(samplers)('leaves a tensor alone that its noise callback merely hands out: %s', (_, sample) => {
    const [x, z] = [normals(99, [3, 2]), normals(1, [3, 2])];
    const result = sample(x, { noise: () => z });
    expect(z.isDisposed).toBe(false);
    tf.dispose([x, z, result]);
  });

  it.each(samplers)('drops what it holds when a callback throws: %s', (_, sample) => {
    const x = normals(99, [3, 2]);
    const before = tf.memory().numTensors;
    expect(() =>
      sample(x, {
        onStep: () => {
          throw new Error('stop');
        },
      }),
    ).toThrow('stop');
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(x);
  });

  it('refuses a grid that climbs or has a gap', () =>
    tf.tidy(() => {
      const x = tf.zeros([1, 1]);
      expect(() => ddim(exact, process, [{ t: 5, tPrev: 7 }], x)).toThrow('step 0 of the grid goes from 5 to 7');
      expect(() =>
        ddim(
          exact,
          process,
          [
            { t: 9, tPrev: 7 },
            { t: 6, tPrev: -1 },
          ],
          x,
        ),
      ).toThrow('then from 6');
    }));
});
