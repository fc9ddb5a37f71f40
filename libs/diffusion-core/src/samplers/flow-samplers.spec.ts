import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { edmProcess } from '../processes/edm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { interpolatedProcess } from '../processes/interpolated-process.js';
import { subVpProcess } from '../processes/sub-vp-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { dpmSolver, dpmSolverPpSinglestep } from './dpm-solver-singlestep.js';
import { exponentialGrid } from './exponential-grid.js';
import { gridOfProcess } from './grid-of-process.js';
import { lms } from './adams.js';
import { karrasGrid } from './karras-grid.js';
import { probabilityFlow } from './probability-flow.js';
import { adaptiveFlow, flowSamplers, type FlowSampler } from './testing/flow-samplers.js';
import { timestepGrid, type GridStep } from './timestep-grid.js';
import { uniPc } from './unipc.js';
import { runToEnd } from './walk.js';

const variance = 0.25;
const all = [...flowSamplers, adaptiveFlow].map((sampler) => [sampler.name, sampler] as const);

/** Data N(0, v) keep their place in the distribution: the flow multiplies x by the ratio of the deviations at both ends. */
function exact(process: GaussianProcess, grid: readonly GridStep[]): number {
  const deviation = (t: number) => Math.sqrt(process.alpha(t) ** 2 * variance + process.sigma(t) ** 2);
  return deviation(grid.at(-1)!.tPrev) / deviation(grid[0]!.t);
}

/** By how much a sampler is off, as a share of the exact factor. */
function errorOf({ along }: FlowSampler, process: GaussianProcess, grid: readonly GridStep[]): number {
  return tf.tidy(() => {
    const end = runToEnd(along(gaussianDenoiser(process, { mean: 0, variance }), process, grid, tf.tensor2d([[1]])), undefined);
    return end.dataSync()[0]! / exact(process, grid) - 1;
  });
}

const noises = (n: number) => exponentialGrid(n + 1, { sigmaMin: 0.1, sigmaMax: 10, endsClean: false });
const evenGrid = (n: number, first: number, last: number): GridStep[] =>
  Array.from({ length: n }, (_, i) => ({ t: first + (i / n) * (last - first), tPrev: first + ((i + 1) / n) * (last - first) }));
const flows: [string, GaussianProcess, (n: number) => GridStep[]][] = [
  ['edm', edmProcess(), noises],
  ['sub-vp', subVpProcess(), (n) => gridOfProcess(subVpProcess(), noises(n))],
];

describe.each(flowSamplers.map((sampler) => [sampler.name, sampler.order, sampler] as const))('%s', (_, order, sampler) => {
  // Where the error is that of the order, and above that of float32.
  const [coarse, fine, tolerance] = ([[48, 96, 0.1], [48, 96, 0.12], [24, 48, 0.3], [12, 24, 1.1]] as const)[order - 1]!;

  it.each(flows)(`has order ${order}: half the step, 2^−${order} of the error; steps equal in λ, %s`, (_name, process, gridOf) => {
    const [first, second] = [coarse, fine].map((n) => Math.abs(errorOf(sampler, process, gridOf(n)))) as [number, number];
    expect(second).toBeGreaterThan(5e-6);
    const slope = Math.log2(first / second);
    // Errors of two orders may cancel at first: steeper is no fault in those of high order.
    expect(slope).toBeGreaterThan(order - tolerance);
    expect(slope).toBeLessThan(order + (order < 3 ? tolerance : 1));
  });

  it('has the error of its order in equal steps of time and on a Karras grid too', () => {
    // At 96 steps; what order 1 leaves is 0.02.
    const limit = [0.025, 0.0032, 4e-4, 7e-5][order - 1]! * (order === 3 ? 2 : 1);
    expect(Math.abs(errorOf(sampler, vpProcess(), evenGrid(96, 1, 0.05)))).toBeLessThan(limit);
    expect(Math.abs(errorOf(sampler, edmProcess(), karrasGrid(97, { sigmaMin: 0.1, endsClean: false })))).toBeLessThan(limit);
  });
});

describe('probabilityFlow', () => {
  it.each(flows)('follows the flow as closely as it is asked to, however few steps the grid has: %s', (_, process, gridOf) => {
    for (const n of [1, 4]) expect(Math.abs(errorOf(adaptiveFlow, process, gridOf(n)))).toBeLessThan(4e-5);
  });

  it('asks more often for a smaller error, tells how often in each step, and once in a step to clean data', () => {
    const process = edmProcess();
    const counts = [1e-2, 1e-4, 1e-6].map((tolerance) => {
      const asked: [number, number][] = [];
      let calls = 0;
      const denoiser = gaussianDenoiser(process, { mean: 0, variance });
      const counting: typeof denoiser = (...args) => (calls++, denoiser(...args));
      const grid = [{ t: 10, tPrev: 1 }, { t: 1, tPrev: 0.01 }, { t: 0.01, tPrev: 0 }];
      tf.tidy(() => probabilityFlow(counting, process, grid, tf.ones([1, 1]), { rtol: tolerance, atol: tolerance, onEvaluations: (count, index) => void asked.push([index, count]) }));
      expect(asked.map(([index]) => index)).toEqual([0, 1, 2]);
      expect(asked[2]![1]).toBe(1);
      expect(asked.reduce((sum, [, count]) => sum + count, 0)).toBe(calls);
      return calls;
    });
    expect(counts[0]).toBeLessThan(counts[1]!);
    expect(counts[1]).toBeLessThan(counts[2]!);
  });

  it('gives up after as many steps as it is allowed, and needs a process in continuous time', () =>
    tf.tidy(() => {
      const process = edmProcess();
      const denoiser = gaussianDenoiser(process, { mean: 0, variance });
      expect(() => probabilityFlow(denoiser, process, [{ t: 10, tPrev: 1 }], tf.ones([1, 1]), { maxSteps: 2 })).toThrow('in 2 steps');
      const ddpm = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
      const [start, grid] = [tf.ones([1, 1]), [{ t: 999, tPrev: 0 }]];
      expect(() => probabilityFlow(gaussianDenoiser(ddpm, { mean: 0, variance }), ddpm, grid, start)).toThrow('not an integer');
      const between = interpolatedProcess(ddpm);
      expect(Math.abs(probabilityFlow(gaussianDenoiser(between, { mean: 0, variance }), between, grid, start).dataSync()[0]! / exact(ddpm, grid) - 1)).toBeLessThan(1e-4);
    }));
});

describe.each(all)('%s', (name, sampler) => {
  const linear = { num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 } as const;
  const ddpm = ddpmProcess(linear);

  it('ends at the clean data of any process', () => {
    const tabulated = name === 'probabilityFlow' ? interpolatedProcess(ddpm) : ddpm;
    // The long steps in λ at the end of even steps of time are hard on those that extrapolate x̂₀ from several.
    expect(Math.abs(errorOf(sampler, tabulated, timestepGrid(50, 'leading')))).toBeLessThan(0.15);
    expect(Math.abs(errorOf(sampler, edmProcess(), karrasGrid(50)))).toBeLessThan(sampler.order === 1 ? 0.06 : 0.016);
  });

  // Were a step to end, or a value of before to be taken, at any other time than the grid says, x would leave the line.
  it.each([
    ['leading', timestepGrid(7, 'leading')],
    ['leading, offset 3', timestepGrid(7, 'leading', { stepsOffset: 3 })],
    ['trailing', timestepGrid(7, 'trailing')],
    ['linspace', timestepGrid(7, 'linspace')],
    ['uneven', [{ t: 990, tPrev: 700 }, { t: 700, tPrev: 680 }, { t: 680, tPrev: 300 }, { t: 300, tPrev: 290 }, { t: 290, tPrev: 7 }, { t: 7, tPrev: 0 }]],
    ['from the middle', timestepGrid(7, 'trailing').slice(3)],
    ['one step', [{ t: 500, tPrev: -1 }]],
    ['no step', []],
  ] as const)('takes x straight to a single datum, at every time of the grid: %s', (_, grid) =>
    tf.tidy(() => {
      const process = name === 'probabilityFlow' ? interpolatedProcess(ddpm) : ddpm;
      const [datum, start] = [0.7, grid[0]?.t ?? 999];
      const x = tf.tensor2d([[1.5, -2]]);
      const seen: number[] = [];
      const times = new Set<number>();
      const denoiser = (at: tf.Tensor, t: tf.Tensor1D) => (times.add(t.dataSync()[0]!), tf.fill(at.shape, datum));
      const end = runToEnd(sampler.along(denoiser, process, grid, x), (index, at) => {
        seen.push(index);
        const { tPrev } = grid[index]!;
        const [alpha, sigma] = [process.alpha(tPrev), process.sigma(tPrev)];
        at.dataSync().forEach((value, i) => {
          const noise = ([1.5, -2][i]! - process.alpha(start) * datum) / process.sigma(start);
          expect(Math.abs(value - (alpha * datum + sigma * noise))).toBeLessThan(1e-4);
        });
      });
      expect(seen).toEqual(grid.map((__, index) => index));
      if (grid.length === 0) expect(end.dataSync()).toEqual(x.dataSync());
      // It asks at every time at which a step begins.
      for (const { t } of grid) expect(name === 'probabilityFlow' || times.has(t)).toBe(true);
    }),
  );

  it('leaves its result, its input and nothing else, also when the denoiser throws', () => {
    const process = edmProcess();
    const denoiser = gaussianDenoiser(process, { mean: 0, variance });
    const x = tf.tensor2d([[1, 2]]);
    const before = tf.memory().numTensors;
    const end = runToEnd(sampler.along(denoiser, process, karrasGrid(6), x), undefined);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(end.shape).toEqual([1, 2]);
    for (const failsAt of [1, 2, 3, 5, 6]) {
      let calls = 0;
      const failing: typeof denoiser = (...args) => {
        if (++calls === failsAt) throw new Error('no more');
        return denoiser(...args);
      };
      expect(() => runToEnd(sampler.along(failing, process, karrasGrid(6), x), undefined)).toThrow('no more');
      expect(tf.memory().numTensors).toBe(before + 1);
    }
    tf.dispose([x, end]);
  });

  it('holds nothing before its first step, and after each step what it goes on with until it is told to stop', () => {
    const process = edmProcess();
    const x = tf.tensor2d([[1, 2]]);
    const before = tf.memory().numTensors;
    const steps = sampler.along(gaussianDenoiser(process, { mean: 0, variance }), process, karrasGrid(8), x);
    expect(tf.memory().numTensors).toBe(before);
    for (let i = 0; i < 5; i++) {
      steps.next();
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 6);
    }
    steps.return(undefined as never);
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });

  it('refuses a grid that climbs or has a gap', () =>
    tf.tidy(() => {
      const denoiser = gaussianDenoiser(ddpm, { mean: 0, variance });
      const run = (grid: GridStep[]) => () => runToEnd(sampler.along(denoiser, ddpm, grid, tf.zeros([1, 1])), undefined);
      expect(run([{ t: 5, tPrev: 7 }])).toThrow('step 0 of the grid goes from 5 to 7: each step');
      expect(run([{ t: 5, tPrev: 5 }])).toThrow('step 0 of the grid goes from 5 to 5: each step');
      expect(run([{ t: 9, tPrev: 7 }, { t: 6, tPrev: -1 }])).toThrow('step 0 of the grid goes from 9 to 7, then from 6: each step');
    }));
});

describe('what the orders may be', () => {
  const process = edmProcess();
  const refusal = (sample: (x: tf.Tensor) => tf.Tensor) => () => tf.tidy(() => sample(tf.zeros([1, 1])));

  it.each([0, 4, 1.5])('dpmSolver, dpmSolverPpSinglestep and uniPc refuse order %d', (order) => {
    const options = { order: order as 1 };
    for (const sampler of [dpmSolver, dpmSolverPpSinglestep, uniPc]) {
      expect(refusal((x) => sampler((at) => tf.clone(at), process, karrasGrid(5), x, options))).toThrow(`order ${order} is none of 1, 2 and 3`);
    }
  });

  it.each([0, 5, 1.5])('lms refuses order %d', (order) => {
    expect(refusal((x) => lms((at) => tf.clone(at), process, karrasGrid(5), x, { order }))).toThrow(`order ${order} is no whole number from 1 to 4`);
  });
});
