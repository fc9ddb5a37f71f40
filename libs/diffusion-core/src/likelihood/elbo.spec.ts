import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import type { VarianceDenoiser } from '../parameterizations/learned-variance.js';
import { ddpmProcess, type DdpmProcess } from '../processes/ddpm-process.js';
import { ancestralCoefficients } from '../samplers/step-coefficients.js';
import { bitsPerDimension, meanWithError } from './bits.js';
import { evenGrid } from './chain-grid.js';
import type { Decoder } from './decoder.js';
import { elbo } from './elbo.js';
import { decoderTerm, diffusionTerm, priorTerm } from './elbo-terms.js';
import { levelValues } from './levels.js';

const linear = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const logSnr = (num_train_timesteps: number) => ddpmProcess({ num_train_timesteps, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 9, log_snr_min: -8 });
const normalKl = (mean: number, variance: number, mean2: number, variance2: number) => (Math.log(variance2 / variance) + (variance + (mean - mean2) ** 2) / variance2 - 1) / 2;
const data = { mean: 0.5, variance: 0.25 };

describe('priorTerm', () => {
  it('is 2.911e-5 bits a dimension for data of unit mean square on the linear schedule', () =>
    tf.tidy(() => {
      const [nats] = priorTerm(linear, tf.tensor2d([[1, -1, 1, 1]]));
      expect(Math.abs(bitsPerDimension(nats!, 4) / 2.911e-5 - 1)).toBeLessThan(2e-4);
    }));

  it.each([[linear, 1], [logSnr(7), 1], [{ ...logSnr(5), prior: { standardDeviation: 1.5 } }, 1.5]] as [DdpmProcess, number][])('is the divergence of two normal laws %#', (process, deviation) =>
    tf.tidy(() => {
      const [alpha, sigma] = [process.alpha(process.tMax), process.sigma(process.tMax)];
      const terms = priorTerm(process, tf.tensor([0.3, -2, 1, 0], [2, 2, 1]));
      [[0.3, -2], [1, 0]].forEach((row, i) => expect(terms[i]).toBeCloseTo(row.reduce((sum, x) => sum + normalKl(alpha * x, sigma ** 2, 0, deviation ** 2), 0), 7));
    }),
  );
});

describe('diffusionTerm', () => {
  /** Two samples of two elements at two times, and the laws of each element. */
  const x0 = [[0.4, -1], [1.2, 0]];
  const noise = [[0.5, -0.3], [-2, 0.7]];
  const exact = gaussianDenoiser(linear, data);
  const learned: VarianceDenoiser = (x, t) => ({ x0: exact(x, t), fraction: tf.fill(x.shape, 0.3) });
  const estimate = (x: number, t: number) => data.mean + ((linear.alpha(t) * data.variance) / (linear.alpha(t) ** 2 * data.variance + linear.sigma(t) ** 2)) * (x - linear.alpha(t) * data.mean);

  it.each([
    ['fixed_small', exact, 0],
    ['fixed_large', exact, 1],
    ['learned', learned, 0.3],
  ] as const)('is the divergence of the two reverse laws: %s', (name, denoiser, fraction) =>
    tf.tidy(() => {
      const steps = [{ t: 37, tPrev: 36 }, { t: 990, tPrev: 850 }];
      const varianceType = name === 'fixed_large' ? 'fixed_large' : 'fixed_small';
      const terms = diffusionTerm(denoiser, linear, tf.tensor2d(x0), steps, { eps: tf.tensor2d(noise), varianceType });
      steps.forEach((step, i) => {
        const { t, tPrev } = step;
        const [small, large] = (['fixed_small', 'fixed_large'] as const).map((type) => linear.posteriorVariance(t, tPrev, type));
        const variance = small! ** (1 - fraction) * large! ** fraction;
        const c = ancestralCoefficients(linear, step, 'fixed_small');
        const expected = x0[i]!.reduce((sum, clean, j) => {
          const x = linear.alpha(t) * clean + linear.sigma(t) * noise[i]![j]!;
          return sum + normalKl(c.x0 * clean + c.x * x, small!, c.x0 * estimate(x, t) + c.x * x, variance);
        }, 0);
        expect(Math.abs(terms[i]! / expected - 1)).toBeLessThan(1e-4);
      });
    }),
  );

  it('with the variance β̃ is ½·(SNR(t−1) − SNR(t))·‖x₀ − x̂₀‖² (Kingma et al. 2021, eq. 14), and that is the default', () =>
    tf.tidy(() => {
      for (const t of [1, 500, 999]) {
        const [nats] = diffusionTerm(exact, linear, tf.tensor2d([[0.9]]), [{ t, tPrev: t - 1 }], { eps: tf.tensor2d([[1.1]]) });
        const error = 0.9 - estimate(linear.alpha(t) * 0.9 + linear.sigma(t) * 1.1, t);
        expect(Math.abs(nats! / (((Math.exp(linear.logSnr(t - 1)) - Math.exp(linear.logSnr(t))) / 2) * error ** 2) - 1)).toBeLessThan(1e-4);
      }
    }));

  it.each([
    [5, 5],
    [5, 6],
    [5, -1],
    [Number.NaN, 3],
  ])('refuses the step from %d to %d, and leaves no tensor behind', (t, tPrev) => {
    const x = tf.tensor2d([[0.9]]);
    const before = tf.memory().numTensors;
    diffusionTerm(learned, linear, x, [{ t: 5, tPrev: 4 }], { eps: x });
    decoderTerm(learned, linear, x, { t: 0, decoder: { kind: 'density', deviation: 1 }, eps: x });
    const message = `the step from ${t} to ${tPrev} is none between noise levels, from more to less noise`;
    expect(() => diffusionTerm(exact, linear, x, [{ t, tPrev }], { eps: x })).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});

describe('elbo', () => {
  /** All that is quadratic in x₀ and in ε has the means over these as its expectations over N(½, ¼) and N(0, 1). */
  const fourPoints = () => ({ x0: tf.tensor2d([[1], [1], [0], [0]]), eps: tf.tensor2d([[1], [-1], [1], [-1]]) });
  /** Every time of a process. */
  const whole = (process: DdpmProcess) => evenGrid(process.tMax, 0);
  const meanOf = (values: ArrayLike<number>) => meanWithError(values).mean;
  /** Exact −E ln p: the entropy of N(½, ¼), and the divergence of q(x_T) from the prior. */
  const atBest = (process: DdpmProcess) => {
    const [alpha, sigma] = [process.alpha(process.tMax), process.sigma(process.tMax)];
    return Math.log(2 * Math.PI * Math.E * data.variance) / 2 + normalKl(alpha * data.mean, alpha ** 2 * data.variance + sigma ** 2, 0, 1);
  };
  /** The deviation of x₀ given x at the first level: the decoder that loses nothing. */
  const deviationOf = (process: DdpmProcess) => Math.sqrt((data.variance * process.sigma(0) ** 2) / (process.alpha(0) ** 2 * data.variance + process.sigma(0) ** 2));

  it('comes down to −ln p with T for an exact denoiser, in first order', () =>
    tf.tidy(() => {
      const gaps = [100, 200, 400].map((steps) => {
        const process = logSnr(steps);
        const { x0, eps } = fourPoints();
        const { total, prior, steps: terms, diffusion, decoder } = elbo(gaussianDenoiser(process, data), process, x0, { grid: whole(process), noise: () => eps, decoder: { kind: 'density', deviation: deviationOf(process) } });
        total.forEach((nats, i) => expect(nats).toBeCloseTo(prior[i]! + diffusion[i]! + decoder[i]!, 12));
        expect(terms.length).toBe(steps - 1);
        diffusion.forEach((nats, i) => expect(nats).toBeCloseTo(terms.reduce((sum, term) => sum + term[i]!, 0), 12));
        return meanOf(total) - atBest(process);
      });
      gaps.forEach((gap) => expect(gap).toBeGreaterThan(0));
      // Σ ½·(e^h − 1 − h)·… over steps of h = Δλ: about h/4 for each of the λ at which something of the data is known.
      expect(gaps[2]).toBeLessThan(((17 / 400) * 9) / 4);
      for (const i of [0, 1]) expect(Math.abs(Math.log2(gaps[i]! / gaps[i + 1]!) - 1)).toBeLessThan(0.05);
    }));

  it.each([2, 5, 50])('is −ln p at any T, where a variance is learned that is right: %d steps', (steps) =>
    tf.tidy(() => {
      const process = logSnr(steps);
      const { x0, eps } = fourPoints();
      const exact = gaussianDenoiser(process, data);
      // The reverse law of Gaussian data is normal: its variance is β̃ and what the uncertainty of x₀ adds.
      const fractionAt = (t: number) => {
        const [small, large] = (['fixed_small', 'fixed_large'] as const).map((type) => process.posteriorVariance(t, t - 1, type));
        const uncertainty = (data.variance * process.sigma(t) ** 2) / (process.alpha(t) ** 2 * data.variance + process.sigma(t) ** 2);
        const variance = small! + ancestralCoefficients(process, { t, tPrev: t - 1 }, 'fixed_small').x0 ** 2 * uncertainty;
        return Math.log(variance / small!) / Math.log(large! / small!);
      };
      const learned: VarianceDenoiser = (x, t) => ({ x0: exact(x, t), fraction: tf.fill(x.shape, t.dataSync()[0]! === 0 ? 0 : fractionAt(t.dataSync()[0]!)) });
      const { total } = elbo(learned, process, x0, { grid: whole(process), noise: () => eps, decoder: { kind: 'density', deviation: deviationOf(process) } });
      expect(Math.abs(meanOf(total) - atBest(process))).toBeLessThan(1e-5);
    }));

  it('is tighter with the larger variance where data are spread, with the smaller one where they are a point; a worse decoder or denoiser costs', () =>
    tf.tidy(() => {
      const process = logSnr(100);
      const { x0, eps } = fourPoints();
      const deviation = deviationOf(process);
      const bound = (denoiser = gaussianDenoiser(process, data), options: object = {}, scale = 1) =>
        meanOf(elbo(denoiser, process, x0, { grid: whole(process), noise: () => eps, decoder: { kind: 'density', deviation: deviation * scale }, ...options }).total);
      const best = bound();
      expect(bound(undefined, { varianceType: 'fixed_small' })).toBe(best);
      expect(bound(undefined, { varianceType: 'fixed_large' })).toBeLessThan(best - 0.01);
      const point = { mean: 0.5, variance: 1e-6 };
      const ofPoint = (varianceType: 'fixed_small' | 'fixed_large') =>
        meanOf(elbo(gaussianDenoiser(process, point), process, tf.fill([4, 1], 0.5), { grid: whole(process), varianceType, noise: () => eps, decoder: { kind: 'density', deviation: 0.01 } }).total);
      expect(ofPoint('fixed_large')).toBeGreaterThan(ofPoint('fixed_small') + 0.1);
      expect(bound(undefined, {}, 1.3)).toBeGreaterThan(best + 0.01);
      expect(bound(gaussianDenoiser(process, { ...data, mean: 0.1 }))).toBeGreaterThan(best + 0.01);
    }));

  it('weights the steps that are drawn', () =>
    tf.tidy(() => {
      const process = logSnr(4);
      const { x0, eps } = fourPoints();
      const options = { grid: whole(process), decoder: { kind: 'density', deviation: 1 }, noise: (term: number) => tf.mul(eps, term === 0 ? 1 : 0.5) } as const;
      const denoiser = gaussianDenoiser(process, data);
      const draws = [[[0, 2], [2, 0.5]], [[1, 1], [1, 3]], [[2, 1], [0, 1]], [[0, 0], [0, 0]]].map((all) => all.map(([index, weight]) => ({ index: index!, weight: weight! })));
      const before = tf.memory().numTensors;
      const { diffusion } = elbo(denoiser, process, x0, { ...options, draws });
      expect(tf.memory().numTensors).toBe(before);
      const at = (step: number) => diffusionTerm(denoiser, process, x0, new Array(4).fill(options.grid[step]!), { eps: tf.mul(eps, 0.5) });
      [2 * at(0)[0]! + 0.5 * at(2)[0]!, 4 * at(1)[1]!, at(2)[2]! + at(0)[2]!, 0].forEach((expected, i) => expect(diffusion[i]).toBeCloseTo(expected, 10));
      // Every step once is the default.
      const all = elbo(denoiser, process, x0, options).diffusion;
      all.forEach((nats, i) => expect(nats).toBeCloseTo(at(0)[i]! + at(1)[i]! + at(2)[i]!, 10));
    }));

  it('is that of the chain between the ends of its grid', () =>
    tf.tidy(() => {
      const process = logSnr(50);
      const { x0, eps } = fourPoints();
      const denoiser = gaussianDenoiser(process, data);
      const decoder: Decoder = { kind: 'density', deviation: 0.1 };
      const { prior, steps, decoder: last } = elbo(denoiser, process, x0, { grid: [{ t: 40, tPrev: 11 }, { t: 11, tPrev: 3 }], decoder, noise: () => eps });
      expect([...prior]).toEqual([...priorTerm(process, x0, 40)]);
      expect([...steps[1]!]).toEqual([...diffusionTerm(denoiser, process, x0, new Array(4).fill({ t: 11, tPrev: 3 }), { eps })]);
      expect([...last]).toEqual([...decoderTerm(denoiser, process, x0, { t: 3, decoder, eps })]);
      const refused = (grid: { t: number; tPrev: number }[], message: string) =>
        expect(() => elbo(denoiser, process, x0, { grid, decoder, noise: () => eps })).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
      refused([], 'a chain needs a step or more');
      refused([{ t: 9, tPrev: 5 }, { t: 5, tPrev: 4 }, { t: 3, tPrev: 1 }], 'step 1 of a grid ends at 4, and the next one begins at 3');
    }));

  it.each([
    { kind: 'bayes', levels: 16 },
    { kind: 'discretized', levels: 16, deviation: 0.02 },
  ] as const)('of 16 equally frequent levels comes down to 4 bits with T: $kind', (decoder) =>
    tf.tidy(() => {
      const values = levelValues(16);
      // Every level with every noise of a row of equal distances, which integrates what is smooth against the normal density almost exactly.
      const noises = Array.from({ length: 33 }, (_, i) => (i - 16) * 0.3);
      const weights = noises.flatMap((z) => values.map(() => (Math.exp((-z * z) / 2) * 0.3) / Math.sqrt(2 * Math.PI) / 16));
      const eps = tf.tensor2d(noises.flatMap((z) => values.map(() => [z])));
      const x0 = tf.tensor2d(noises.flatMap(() => values.map((value) => [value])));
      const bitsAt = (steps: number) => {
        const process = logSnr(steps);
        const denoiser = mixtureDenoiser(process, values.map((value) => ({ weight: 1, mean: [value], variance: 0 })));
        return elbo(denoiser, process, x0, { grid: whole(process), noise: () => eps, decoder }).total.reduce((sum, nats, i) => sum + weights[i]! * nats, 0) / Math.LN2;
      };
      const [rough, fine] = [bitsAt(60), bitsAt(120)];
      expect(fine).toBeGreaterThan(4);
      expect(fine).toBeLessThan(4.5);
      // First order: twice the steps halve what is too much.
      expect(Math.abs(2 * fine - rough - 4)).toBeLessThan(0.05);
    }));
});
