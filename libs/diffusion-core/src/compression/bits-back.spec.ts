import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { evenGrid } from '../likelihood/chain-grid.js';
import { meanWithError } from '../likelihood/bits.js';
import { chainWeightNats } from '../likelihood/chain-weight.js';
import { levelPrior } from '../likelihood/level-probabilities.js';
import { levelOf, levelValues } from '../likelihood/levels.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { AnsStack } from './ans-stack.js';
import { BitsBack } from './bits-back.js';
import { chainLevels } from './chain-levels.js';

const chain = (steps: number) => ddpmProcess({ num_train_timesteps: steps + 1, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 8, log_snr_min: -8 });
const normals = (size: number, step: number) => new PhiloxStream({ seed: 11, purpose: 'noise', step }).fillNormal(new Float32Array(size));
const levels = 64;
const values = levelValues(levels);

/** Numbers around a mean as levels, [B, elements]. */
const data = (batch: number, elements: number, mean: number, deviation: number) =>
  Uint16Array.from(normals(batch * elements, 0), (z) => levelOf(Math.max(-1, Math.min(1, mean + deviation * z)), levels));
/** ½N(−½, 0.01) + ½N(½, 0.01) in each element alike: elements know of each other. */
const mixture = (process: ReturnType<typeof chain>, elements: number) => mixtureDenoiser(process, [-0.5, 0.5].map((mean) => ({ weight: 0.5, mean: new Array<number>(elements).fill(mean), variance: 0.01 })));
const mixed = (batch: number, elements: number) =>
  Uint16Array.from(normals(batch * elements, 0), (z, i) => levelOf(Math.max(-1, Math.min(1, (Math.floor(i / elements) % 2 === 0 ? -0.5 : 0.5) + 0.1 * z)), levels));
const flat = new Float64Array(levels).fill(1);

describe('BitsBack', () => {
  it.each([
    [1, 'fixed_small'],
    [3, 'fixed_large'],
  ] as const)('gives back batches of several sizes, last one first, at resolution %d and variance %s', (resolution, varianceType) => {
    const process = chain(12);
    const code = new BitsBack(mixture(process, 6), process, { grid: evenGrid(12, 0), prior: flat, resolution, varianceType });
    const stack = new AnsStack(2);
    const sizes = [1, 5, 2];
    const before = tf.memory().numTensors;
    sizes.forEach((size) => code.encode(stack, mixed(size, 6), [size, 6]));
    const read = AnsStack.fromWords(stack.toWords(), 2);
    for (const size of [...sizes].reverse()) expect(code.decode(read, [size, 6])).toEqual(mixed(size, 6));
    expect(read.holdsOnly(stack.seedBits)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [30, 'fixed_small'],
    [60, 'fixed_small'],
    [30, 'fixed_large'],
  ] as const)('takes what the bound says on the same grid of %d steps, with the variance %s', (steps, varianceType) =>
    tf.tidy(() => {
      const [process, batch, elements] = [chain(steps), 400, 6];
      const [grid, denoiser, clean] = [evenGrid(steps, 0), mixture(process, elements), mixed(batch, elements)];
      const x0 = tf.tensor(Float32Array.from(clean, (level) => values[level]!), [batch, elements]);
      const prior = levelPrior(x0.dataSync(), levels);
      const stack = new AnsStack(1);
      new BitsBack(denoiser, process, { grid, prior, varianceType }).encode(stack, clean, [batch, elements]);
      const net = ((stack.bits - stack.seedBits) * Math.LN2) / batch;
      const options = { grid, varianceType, decoder: { kind: 'bayes', levels, prior }, noise: (term: number) => tf.tensor(normals(batch * elements, 1000 + term), [batch, elements]) } as const;
      // −ln w along one way through noise has the bound as its mean; the code walks another such way, with as much chance in it.
      const bound = meanWithError(chainWeightNats(denoiser, process, x0, options));
      expect(Math.abs(net - bound.mean)).toBeLessThan(4 * Math.SQRT2 * bound.standardError);
      expect(bound.standardError / bound.mean).toBeLessThan(0.012);
    }),
  );

  it('of data from a known law takes its entropy and a gap that falls with the steps: N(0.1, 0.2²) on 64 levels', () =>
    tf.tidy(() => {
      const [batch, elements] = [300, 4];
      const clean = data(batch, elements, 0.1, 0.2);
      const weights = values.map((value) => Math.exp(-(((value - 0.1) / 0.2) ** 2) / 2));
      const total = weights.reduce((a, b) => a + b);
      const ideal = clean.reduce((sum, level) => sum - Math.log2(weights[level]! / total), 0);
      const [coarse, fine] = [80, 160].map((steps) => {
        const process = chain(steps);
        const code = new BitsBack(gaussianDenoiser(process, { mean: 0.1, variance: 0.04 }), process, { grid: evenGrid(steps, 0), prior: flat });
        const stack = new AnsStack(1);
        code.encode(stack, clean, [batch, elements]);
        return (stack.bits - stack.seedBits) / ideal;
      });
      expect(fine).toBeLessThan(1.04);
      expect(coarse).toBeGreaterThan(fine! + 0.02);
      // The gap is of first order: without it the entropy is left.
      expect(Math.abs(2 * fine! - coarse! - 1)).toBeLessThan(0.01);
    }));

  it('is not decoded by another denoiser', () => {
    const process = chain(12);
    const options = { grid: evenGrid(12, 0), prior: flat };
    const stack = new AnsStack(2);
    new BitsBack(mixture(process, 6), process, options).encode(stack, mixed(4, 6), [4, 6]);
    const other: Denoiser = (x, t) => tf.tidy(() => tf.mul(0.999, mixture(process, 6)(x, t)));
    let same = false;
    try {
      const decoded = new BitsBack(other, process, options).decode(stack, [4, 6]);
      same = decoded.every((level, i) => level === mixed(4, 6)[i]) && stack.holdsOnly(stack.seedBits);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_argument' }); // What does not fit may lie beyond a law.
    }
    expect(same).toBe(false);
  });

  it('says what is wrong with data, and with a denoiser', () => {
    const process = chain(4);
    const options = { grid: evenGrid(4, 0), prior: flat };
    const code = new BitsBack(mixture(process, 2), process, options);
    expect(() => code.encode(new AnsStack(), [1, 2, 3], [1, 2])).toThrow(expect.objectContaining({ code: 'invalid_argument', message: '3 levels are no batch of the shape [1, 2]' }));
    expect(() => code.encode(new AnsStack(), [1, 64], [1, 2])).toThrow(expect.objectContaining({ code: 'invalid_argument', message: '64 is none of the levels 0 … 63' }));
    const silent = new BitsBack((x) => tf.fill(x.shape, Number.NaN), process, options);
    const before = tf.memory().numTensors;
    expect(() => silent.encode(new AnsStack(), [1, 2], [1, 2])).toThrow(expect.objectContaining({ code: 'non_finite' }));
    expect(() => silent.decode(new AnsStack(), [1, 2])).toThrow(expect.objectContaining({ code: 'non_finite' }));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('chainLevels', () => {
  const process = chain(40);
  const grid = [{ t: 40, tPrev: 30 }, { t: 30, tPrev: 4 }, { t: 4, tPrev: 1 }];

  it('are those of the grid, least noise first, and lead forward to the marginal law of each', () => {
    const all = chainLevels(process, { grid });
    expect(all.map(({ t }) => t)).toEqual([1, 4, 30, 40]);
    let [alpha, variance] = [1, 0];
    all.forEach(({ t, forwardGain, step }, j) => {
      const q = process.sigma(t) ** 2 - (j === 0 ? 0 : (forwardGain * process.sigma(all[j - 1]!.t)) ** 2);
      [alpha, variance] = [alpha * forwardGain, variance * forwardGain ** 2 + q];
      expect(Math.abs(alpha / process.alpha(t) - 1)).toBeLessThan(1e-12);
      expect(Math.abs(variance / process.sigma(t) ** 2 - 1)).toBeLessThan(1e-12);
      expect(step).toBeLessThanOrEqual(Math.sqrt(q));
    });
    expect(all.at(-1)).toMatchObject({ gain: 0, keep: 0 });
  });

  it('have lattices as fine as the least deviation of their laws, or so many times finer', () => {
    const [one, four] = [1, 4].map((resolution) => chainLevels(process, { grid, resolution }));
    one!.forEach(({ step }, j) => expect(step / four![j]!.step).toBeCloseTo(4, 12));
    const reverse = process.posteriorVariance(4, 1, 'fixed_small');
    expect(one![0]!.step).toBeCloseTo(Math.min(process.sigma(1), Math.sqrt(reverse)), 12);
    expect(chainLevels(process, { grid, varianceType: 'fixed_large' })[0]!.step).toBeCloseTo(Math.min(process.sigma(1), Math.sqrt(process.posteriorVariance(4, 1, 'fixed_large'))), 12);
  });

  it.each([
    [{ grid: [] }, 'a chain needs a step or more'],
    [{ grid: [{ t: 4, tPrev: 2 }, { t: 1, tPrev: 0 }] }, 'step 0 of a grid ends at 2'],
    [{ grid, resolution: 0.5 }, 'the resolution of a lattice is 1 or more, got 0.5'],
  ])('refuse %j', (options, message) => {
    expect(() => chainLevels(process, options)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }));
  });
});
