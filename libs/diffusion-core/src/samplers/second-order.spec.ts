import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { edmProcess } from '../processes/edm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { subVpProcess } from '../processes/sub-vp-process.js';
import { veProcess } from '../processes/ve-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { ddim } from './ddim.js';
import { dpmSolverPp2M } from './dpm-solver-pp-2m.js';
import { heun } from './heun.js';
import { karrasGrid } from './karras-grid.js';
import { timestepGrid, type GridStep } from './timestep-grid.js';

type Sampler = (...args: Parameters<typeof heun>) => tf.Tensor;

const variance = 0.25;

/** Equal steps of time, which end before data are clean. */
const evenGrid = (n: number, first: number, last: number): GridStep[] =>
  Array.from({ length: n }, (_, i) => ({ t: first + (i / n) * (last - first), tPrev: first + ((i + 1) / n) * (last - first) }));

/** Data N(0, v) keep their place in the distribution: the flow multiplies x by the ratio of the deviations at both ends. */
function exact(process: GaussianProcess, grid: readonly GridStep[]): number {
  const deviation = (t: number) => Math.sqrt(process.alpha(t) ** 2 * variance + process.sigma(t) ** 2);
  return deviation(grid.at(-1)!.tPrev) / deviation(grid[0]!.t);
}

/** By how much a sampler is off, as a share of the exact factor. */
function errorOf(sampler: Sampler, process: GaussianProcess, grid: readonly GridStep[]): number {
  return tf.tidy(() => {
    const start = tf.tensor2d([[1]]);
    const end = sampler(gaussianDenoiser(process, { mean: 0, variance }), process, grid, start).dataSync()[0]!;
    return Math.abs(end / exact(process, grid) - 1);
  });
}

const flows: [string, GaussianProcess, (n: number) => GridStep[]][] = [
  ['edm on a Karras grid', edmProcess(), (n) => karrasGrid(n + 1, { sigmaMin: 0.1, endsClean: false })],
  ['vp in even steps', vpProcess(), (n) => evenGrid(n, 1, 0.05)],
  ['sub-vp in even steps', subVpProcess(), (n) => evenGrid(n, 1, 0.05)],
  ['ve in even steps', veProcess(), (n) => evenGrid(n, 1, 0.2)],
];

// Of 50 steps to clean data, of which the last is Euler's: as measured, rounded up.
describe.each<[string, Sampler, number, number]>([
  ['heun', heun, 2, 0.007],
  ['dpmSolverPp2M', dpmSolverPp2M, 2, 0.06],
  ['ddim', ddim, 1, 0.06],
])('%s', (_, sampler, order, inFifty) => {
  it.each(flows)(`has order ${order}: half the step, 2^−${order} of the error; %s`, (_name, process, gridOf) => {
    const [coarse, fine] = [64, 128].map((n) => errorOf(sampler, process, gridOf(n))) as [number, number];
    const slope = Math.log2(coarse / fine);
    expect(fine).toBeGreaterThan(1e-6);
    expect(Math.abs(slope - order)).toBeLessThan(0.2);
  });

  it('ends at the clean data of any process, where the last step asks once', () => {
    const ddpm = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
    for (const [process, grid] of [[ddpm, timestepGrid(50, 'leading')], [edmProcess(), karrasGrid(50)]] as const) {
        expect(errorOf(sampler, process, grid)).toBeLessThan(inFifty);
    }
  });

  it('leaves its result, its input and nothing else, also when the denoiser throws, and tells of each step', () => {
    const process = edmProcess();
    const denoiser = gaussianDenoiser(process, { mean: 0, variance });
    const x = tf.tensor2d([[1, 2]]);
    const before = tf.memory().numTensors;
    const steps: number[] = [];
    const end = sampler(denoiser, process, karrasGrid(5), x, { onStep: (index) => void steps.push(index) });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(steps).toEqual([0, 1, 2, 3, 4]);
    let calls = 0;
    const failing: typeof denoiser = (...args) => {
      if (++calls === 3) throw new Error('no more');
      return denoiser(...args);
    };
    expect(() => sampler(failing, process, karrasGrid(5), x)).toThrow('no more');
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([x, end]);
  });
});

describe('karrasGrid', () => {
  it('has the noises that EDM publishes for 18', () => {
    const published = [80, 57.586, 40.786, 28.375, 19.352, 12.91, 8.4009, 5.3152, 3.2568, 1.9233, 1.0882, 0.58535, 0.29644, 0.13952, 0.059947, 0.022935, 0.007528, 0.002];
    const grid = karrasGrid(18);
    expect(grid).toHaveLength(18);
    grid.forEach(({ t, tPrev }, i) => {
      expect(Math.abs(t / published[i]! - 1)).toBeLessThan(5e-5);
      expect(tPrev).toBe(grid[i + 1]?.t ?? 0);
    });
    expect([grid[0]!.t, grid[17]!.t]).toEqual([80, 0.002]);
  });

  it('spreads noises evenly with ρ = 1', () => {
    expect(karrasGrid(3, { sigmaMin: 1, sigmaMax: 5, rho: 1 })).toEqual([{ t: 5, tPrev: 3 }, { t: 3, tPrev: 1 }, { t: 1, tPrev: 0 }]);
  });

  it.each([
    [1, {}, 'at least 2 noises, got 1'],
    [2.5, {}, 'at least 2 noises, got 2.5'],
    [5, { sigmaMin: 0 }, 'got 0, 80 and 7'],
    [5, { sigmaMin: 90 }, 'got 90, 80 and 7'],
    [5, { rho: 0 }, 'got 0.002, 80 and 0'],
  ])('refuses what makes no grid %#', (n, options, message) => {
    expect(() => karrasGrid(n, options)).toThrow(message);
  });
});
