import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Denoiser } from '../parameterizations/denoiser.js';
import { edmProcess } from '../processes/edm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { deis, lms } from './adams.js';
import { dpmSolverPp2M, dpmSolverPp3M } from './dpm-solver-multistep.js';
import { dpmSolver, dpmSolverPpSinglestep } from './dpm-solver-singlestep.js';
import { exponentialStep, exponentialWeights } from './exponential-step.js';
import { lagrangeIntegrals } from './lagrange-integrals.js';
import { halfLogSnr, noiseRatio, timeOfRatio } from './noise-ratio.js';
import { pndm } from './pndm.js';
import type { Sampler } from './sampler.js';
import { solveLinear } from './solve-linear.js';
import type { GridStep } from './timestep-grid.js';
import { uniPc } from './unipc.js';
import type { OdeOptions } from './walk.js';

/** ∫ f by Simpson's rule. */
function integral(f: (u: number) => number, from: number, to: number): number {
  const [pieces, h] = [400, (to - from) / 400];
  const inner = Array.from({ length: pieces - 1 }, (_, i) => (i % 2 === 0 ? 4 : 2) * f(from + (i + 1) * h));
  return ((f(from) + f(to) + inner.reduce((sum, value) => sum + value, 0)) * h) / 3;
}

const vp = vpProcess();
/** Noises that fall by unequal factors. */
const ratios = [9, 6, 3.5, 2.5, 1.2, 0.8, 0.5];
const grid: GridStep[] = ratios.slice(1).map((ratio, i) => ({ t: timeOfRatio(vp, ratios[i]!), tPrev: timeOfRatio(vp, ratio) }));
const start = 1.3;

/** x after each step. */
function trajectory<O extends OdeOptions>({ steps }: Sampler<O>, denoiser: Denoiser, options?: O, along: readonly GridStep[] = grid, process: GaussianProcess = vp): number[] {
  const x = tf.tensor2d([[start]]);
  const result = [start, ...Array.from(steps(denoiser, process, along, x, options), (at) => at.dataSync()[0]!)];
  x.dispose();
  return result;
}

/** A denoiser whose x̂₀ is a function of λ alone. */
const datumOf = (f: (lambda: number) => number): Denoiser => (x, t) => tf.fill(x.shape, f(halfLogSnr(vp, t.dataSync()[0]!)));
/** A denoiser whose ε̂ is a function of ρ alone. */
const noiseOf = (f: (ratio: number) => number): Denoiser => (x, t) => {
  const [time] = t.dataSync() as unknown as [number];
  return tf.tidy(() => tf.div(tf.sub(x, vp.sigma(time) * f(noiseRatio(vp, time))), vp.alpha(time)));
};

describe('multistep solvers whose order is k follow a polynomial of degree k − 1 exactly, once they have as many values', () => {
  const lambdas = ratios.map((ratio) => -Math.log(ratio));
  const polynomials = [() => 0.8, (u: number) => 0.8 - 0.5 * u, (u: number) => 0.8 - 0.5 * u + 0.4 * u * u, (u: number) => 0.8 - 0.5 * u + 0.4 * u * u + 0.2 * u ** 3];

  it('dpmSolverPp3M: x̂₀ over λ', () => {
    const x = trajectory(dpmSolverPp3M, datumOf(polynomials[2]!));
    for (let i = 2; i < grid.length; i++) {
      const { t, tPrev } = grid[i]!;
      const way = integral((u) => Math.exp(u - lambdas[i + 1]!) * polynomials[2]!(u), lambdas[i]!, lambdas[i + 1]!);
      expect(Math.abs(x[i + 1]! - ((vp.sigma(tPrev) / vp.sigma(t)) * x[i]! + vp.alpha(tPrev) * way))).toBeLessThan(2e-6);
    }
  });

  it('uniPc of order 3: x̂₀ over λ, predicted and corrected', () => {
    for (const variant of ['bh1', 'bh2'] as const) {
      const x = trajectory(uniPc, datumOf(polynomials[2]!), { order: 3, variant });
      for (let i = 3; i < grid.length; i++) {
        const { t, tPrev } = grid[i]!;
        const way = integral((u) => Math.exp(u - lambdas[i + 1]!) * polynomials[2]!(u), lambdas[i]!, lambdas[i + 1]!);
        expect(Math.abs(x[i + 1]! - ((vp.sigma(tPrev) / vp.sigma(t)) * x[i]! + vp.alpha(tPrev) * way))).toBeLessThan(3e-6);
      }
    }
  });

  it.each([1, 2, 3, 4])('lms of order %d: ε̂ over ρ', (order) => {
    const f = (ratio: number) => polynomials[order - 1]!(ratio / 5);
    const x = trajectory(lms, noiseOf(f), { order });
    for (let i = order - 1; i < grid.length; i++) {
      const z = x[i]! / vp.alpha(grid[i]!.t) + integral(f, ratios[i]!, ratios[i + 1]!);
      expect(Math.abs(x[i + 1]! / vp.alpha(grid[i]!.tPrev) - z)).toBeLessThan(2e-5);
    }
    // And no more than that.
    const higher = (ratio: number) => (ratio / 5) ** order;
    const y = trajectory(lms, noiseOf(higher), { order });
    const last = grid.length - 1;
    expect(Math.abs(y[last + 1]! / vp.alpha(grid[last]!.tPrev) - y[last]! / vp.alpha(grid[last]!.t) - integral(higher, ratios[last]!, ratios[last + 1]!))).toBeGreaterThan(1e-4);
  });

  it.each([1, 2, 3, 4])('deis of order %d: ε̂ over ln ρ', (order) => {
    const f = (ratio: number) => polynomials[order - 1]!(Math.log(ratio));
    const x = trajectory(deis, noiseOf(f), { order });
    for (let i = order - 1; i < grid.length; i++) {
      const z = x[i]! / vp.alpha(grid[i]!.t) + integral(f, ratios[i]!, ratios[i + 1]!);
      expect(Math.abs(x[i + 1]! / vp.alpha(grid[i]!.tPrev) - z)).toBeLessThan(2e-5);
    }
  });

  it('take as many values as they have been asked for, 4 for lms and 3 for deis if nothing is said', () => {
    const f = noiseOf((ratio) => Math.sin(ratio));
    expect(trajectory(lms, f)).toEqual(trajectory(lms, f, { order: 4 }));
    expect(trajectory(deis, f)).toEqual(trajectory(deis, f, { order: 3 }));
    expect(trajectory(lms, f)).not.toEqual(trajectory(lms, f, { order: 3 }));
    expect(trajectory(uniPc, f)).toEqual(trajectory(uniPc, f, { order: 2, variant: 'bh2' }));
    expect(trajectory(dpmSolver, f)).toEqual(trajectory(dpmSolver, f, { order: 3 }));
    expect(trajectory(dpmSolverPpSinglestep, f)).toEqual(trajectory(dpmSolverPpSinglestep, f, { order: 3 }));
    expect(trajectory(pndm, f)).toEqual(trajectory(pndm, f, { start: 'rungeKutta' }));
  });
});

// x̂₀ or ε̂ of each time of the grid, whatever x is: then x follows from the papers' formulas by hand.
const values = [0.9, -0.4, 1.7, 0.3, -1.1, 0.6];
const given = (lambda: number) => values[grid.findIndex(({ t }) => Math.abs(halfLogSnr(vp, t) - lambda) < 1e-6)] ?? Number.NaN;
const [m0, m1, m2] = values as [number, number, number];
const [alpha, sigma, lambda] = [vp.alpha, vp.sigma, (t: number) => halfLogSnr(vp, t)];
const [t0, t1, t2, t3] = [grid[0]!.t, grid[1]!.t, grid[2]!.t, grid[3]!.t];

describe('the formulas of the papers, by hand', () => {
  it('DPM-Solver++(2M), algorithm 2', () => {
    const x = trajectory(dpmSolverPp2M, datumOf(given));
    const first = (sigma(t1) / sigma(t0)) * start - alpha(t1) * Math.expm1(-(lambda(t1) - lambda(t0))) * m0;
    expect(x[1]).toBeCloseTo(first, 6);
    const h = lambda(t2) - lambda(t1);
    const r = (lambda(t1) - lambda(t0)) / h;
    expect(x[2]).toBeCloseTo((sigma(t2) / sigma(t1)) * first - alpha(t2) * Math.expm1(-h) * ((1 + 1 / (2 * r)) * m1 - m0 / (2 * r)), 6);
  });

  it('DPM-Solver++ singlestep: algorithm 1 with r₁ of the grid, and of third order', () => {
    const x = trajectory(dpmSolverPpSinglestep, datumOf(given), { order: 3 });
    const h2 = lambda(t2) - lambda(t0);
    const r1 = (lambda(t1) - lambda(t0)) / h2;
    expect(x[2]).toBeCloseTo((sigma(t2) / sigma(t0)) * start - alpha(t2) * Math.expm1(-h2) * (m0 + (m1 - m0) / (2 * r1)), 6);
    const h3 = lambda(t3) - lambda(t0);
    const r2 = (lambda(t2) - lambda(t0)) / h3;
    expect(x[3]).toBeCloseTo((sigma(t3) / sigma(t0)) * start - alpha(t3) * Math.expm1(-h3) * m0 + (alpha(t3) * (Math.expm1(-h3) / h3 + 1) * (m2 - m0)) / r2, 6);
    expect(trajectory(dpmSolverPpSinglestep, datumOf(given), { order: 2 })[2]).toBe(x[2]);
  });

  it('DPM-Solver-2 and -3, algorithms 1 and 2, with r₁ and r₂ of the grid', () => {
    const x = trajectory(dpmSolver, noiseOf((ratio) => given(-Math.log(ratio))), { order: 3 });
    const h2 = lambda(t2) - lambda(t0);
    const r1 = (lambda(t1) - lambda(t0)) / h2;
    expect(x[2]).toBeCloseTo((alpha(t2) / alpha(t0)) * start - sigma(t2) * Math.expm1(h2) * (m0 + (m1 - m0) / (2 * r1)), 4);
    const h3 = lambda(t3) - lambda(t0);
    const r2 = (lambda(t2) - lambda(t0)) / h3;
    expect(x[3]).toBeCloseTo((alpha(t3) / alpha(t0)) * start - sigma(t3) * Math.expm1(h3) * m0 - (sigma(t3) * (Math.expm1(h3) / h3 - 1) * (m2 - m0)) / r2, 4);
  });

  it.each(['bh1', 'bh2'] as const)('UniPC-1 and -2, algorithms 1 and 2, with B(h) of %s', (variant) => {
    const size = (h: number) => (variant === 'bh1' ? -h : Math.expm1(-h));
    const straight = (x: number, from: number, to: number, model: number) => (sigma(to) / sigma(from)) * x - alpha(to) * Math.expm1(lambda(from) - lambda(to)) * model;
    const h = lambda(t1) - lambda(t0);
    // UniC-1: ½ of the difference to what the model says at the end.
    const corrected = straight(start, t0, t1, m0) - alpha(t1) * size(h) * 0.5 * (m1 - m0);
    const one = trajectory(uniPc, datumOf(given), { order: 1, variant });
    expect(one[1]).toBeCloseTo(straight(start, t0, t1, m0), 6);
    expect(one[2]).toBeCloseTo(straight(corrected, t1, t2, m1), 6);
    // UniP-2: ½ of the slope from the step before.
    const h2 = lambda(t2) - lambda(t1);
    const r = -h / h2;
    const two = trajectory(uniPc, datumOf(given), { order: 2, variant });
    expect(two[2]).toBeCloseTo(straight(corrected, t1, t2, m1) - (alpha(t2) * size(h2) * 0.5 * (m0 - m1)) / r, 6);
    // UniC-2: ρ of [[1, 1], [r, 1]]·ρ = [φ₂, 2φ₃]/B with φ of −h.
    const phi2 = Math.expm1(-h2) / -h2 - 1;
    const phi3 = phi2 / -h2 - 0.5;
    const [b1, b2] = [phi2 / size(h2), (2 * phi3) / size(h2)];
    const past = (b2 - b1) / (r - 1);
    const again = straight(corrected, t1, t2, m1) - alpha(t2) * size(h2) * ((past * (m0 - m1)) / r + (b1 - past) * (m2 - m1));
    const h3 = lambda(t3) - lambda(t2);
    expect(two[3]).toBeCloseTo(straight(again, t2, t3, m2) - (alpha(t3) * size(h3) * 0.5 * (m1 - m2)) / (-h2 / h3), 6);
  });

  it('UniPC falls to order 1 towards clean data, and not where some noise is left', () => {
    const process = edmProcess();
    const sigmas = [9, 6, 3.5, 2.5, 1.2];
    const noisy = sigmas.slice(1).map((tPrev, i) => ({ t: sigmas[i]!, tPrev }));
    const denoiser: Denoiser = (x, t) => tf.fill(x.shape, Math.sin(t.dataSync()[0]!));
    const [full, clean] = [noisy, [...noisy, { t: 1.2, tPrev: 0 }]].map((along) => trajectory(uniPc, denoiser, { order: 3 }, along, process)) as [number[], number[]];
    expect(clean.slice(0, 4)).toEqual(full.slice(0, 4));
    expect(clean[4]).not.toBe(full[4]); // Order 2 instead of 3.
    expect(clean[5]).toBeCloseTo(Math.sin(1.2), 6);
  });
});

describe('pndm', () => {
  // Three steps of equal time and three that follow; ε̂ is a function of time.
  const times = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];
  const even = times.slice(1).map((tPrev, i) => ({ t: times[i]!, tPrev }));
  const eps = (t: number) => Math.sin(9 * t);
  const denoiser = noiseOf((ratio) => eps(timeOfRatio(vp, ratio)));
  const move = (x: number, t: number, s: number, slope: number) => (alpha(s) * x) / alpha(t) + (sigma(s) - (alpha(s) * sigma(t)) / alpha(t)) * slope;

  it('starts with Runge & Kutta’s steps, then takes 55, −59, 37 and −9 of 24 parts of the last values', () => {
    const x = trajectory(pndm, denoiser, {}, even);
    let expected = start;
    even.forEach(({ t, tPrev }, i) => {
      const bashforth = (55 * eps(times[i]!) - 59 * eps(times[i - 1]!) + 37 * eps(times[i - 2]!) - 9 * eps(times[i - 3]!)) / 24;
      expected = move(expected, t, tPrev, i < 3 ? (eps(t) + 4 * eps((t + tPrev) / 2) + eps(tPrev)) / 6 : bashforth);
      expect(Math.abs(x[i + 1]! - expected)).toBeLessThan(3e-5);
    });
  });

  it('or with one of Heun’s, then ³⁄₂ and −½, then 23, −16 and 5 of 12 parts', () => {
    const x = trajectory(pndm, denoiser, { start: 'heun' }, even);
    const e = times.map(eps) as [number, number, number, number];
    const slopes = [(e[0] + e[1]) / 2, (3 * e[1] - e[0]) / 2, (23 * e[2] - 16 * e[1] + 5 * e[0]) / 12, (55 * e[3] - 59 * e[2] + 37 * e[1] - 9 * e[0]) / 24];
    let expected = start;
    slopes.forEach((slope, i) => {
      expected = move(expected, times[i]!, times[i + 1]!, slope);
      expect(Math.abs(x[i + 1]! - expected)).toBeLessThan(3e-5);
    });
  });

  it.each(['rungeKutta', 'heun'] as const)('asks nothing of clean data, start %s', (beginning) => {
    const asked: number[] = [];
    const watched: Denoiser = (x, t) => (asked.push(Number(t.dataSync()[0]!.toFixed(3))), denoiser(x, t));
    trajectory(pndm, watched, { start: beginning }, [{ t: 0.4, tPrev: 0 }]);
    expect(asked).toEqual([0.4]);
    asked.length = 0;
    trajectory(pndm, watched, { start: beginning }, [{ t: 0.4, tPrev: 0.2 }]);
    expect(asked).toEqual(beginning === 'heun' ? [0.4, 0.2] : [0.4, 0.3, 0.3, 0.2]);
  });
});

describe('exponentialStep', () => {
  const step = { t: 0.7, tPrev: 0.3 };
  const h = lambda(0.3) - lambda(0.7);

  it('solves dx/dλ of each form exactly for a constant model', () => {
    // data: d(x/σ)/dλ = e^λ·x̂₀; noise: d(x/α)/dλ = −e^−λ·ε̂. `sde`: what DDIM with η = 1 has.
    const data = exponentialStep('data', vp, step);
    expect([data.x, data.scale, data.length, data.noise]).toEqual([sigma(0.3) / sigma(0.7), alpha(0.3), -h, 0]);
    const noise = exponentialStep('noise', vp, step);
    expect(noise.x).toBeCloseTo(alpha(0.3) / alpha(0.7), 12);
    expect([noise.scale, noise.length, noise.noise]).toEqual([sigma(0.3), h, 0]);
    const sde = exponentialStep('sde', vp, step);
    const r = alpha(0.7) / alpha(0.3);
    const variance = sigma(0.7) ** 2 - r ** 2 * sigma(0.3) ** 2;
    expect(sde.x).toBeCloseTo((r * sigma(0.3) ** 2) / sigma(0.7) ** 2, 12);
    expect(-sde.scale * Math.expm1(sde.length)).toBeCloseTo((alpha(0.3) * variance) / sigma(0.7) ** 2, 12);
    expect(sde.noise ** 2).toBeCloseTo((variance * sigma(0.3) ** 2) / sigma(0.7) ** 2, 12);
  });

  it('leads to x̂₀ alone where data are clean', () => {
    for (const form of ['data', 'sde'] as const) expect(exponentialStep(form, vp, { t: 0.7, tPrev: 0 })).toEqual({ x: 0, scale: 1, length: Number.NEGATIVE_INFINITY, noise: 0 });
  });
});

describe('the numbers that integrals are made of', () => {
  it.each([-3, -0.2, 0.2, 2.5])('exponentialWeights(%d) are ∫ e^{h−u}·uᵏ/(k!·hᵏ) du', (h) => {
    exponentialWeights(h).forEach((weight, k) => {
      const expected = integral((u) => (Math.exp(h - u) * u ** k) / ([1, 1, 2][k]! * h ** k), 0, h);
      expect(Math.abs(weight / expected - 1)).toBeLessThan(1e-8);
    });
  });

  it('lagrangeIntegrals are exact for polynomials of degree 15, through as many nodes', () => {
    const f = (u: number) => 1 - 2 * u + u ** 2 - u ** 3;
    const counts = lagrangeIntegrals([0.3, -0.5, -0.9, -1.6], 0.3, 1.1, (u) => u ** 12);
    const expected = (u: number) => u ** 13 / 13 - (2 * u ** 14) / 14 + u ** 15 / 15 - u ** 16 / 16;
    const sum = [0.3, -0.5, -0.9, -1.6].reduce((total, node, j) => total + counts[j]! * f(node), 0);
    expect(Math.abs(sum - (expected(1.1) - expected(0.3)))).toBeLessThan(1e-12);
    expect(lagrangeIntegrals([2], 2, 5, () => 1)[0]).toBeCloseTo(3, 13);
  });

  it('solveLinear solves what Vandermonde’s matrices ask', () => {
    const places = [-1.5, 0.4, 2];
    const matrix = [0, 1, 2].map((power) => places.map((place) => place ** power));
    const solution = solveLinear(matrix, [3, -1, 2]);
    matrix.forEach((row, i) => expect(row.reduce((sum, value, j) => sum + value * solution[j]!, 0)).toBeCloseTo([3, -1, 2][i]!, 12));
    expect(matrix[1]).toEqual(places);
    expect(solveLinear([[4]], [2])).toEqual([0.5]);
  });

  it('noiseRatio and halfLogSnr are σ/α and ln(α/σ); timeOfRatio is their inverse, also at the last time', () => {
    for (const t of [0.01, 0.5, 1]) {
      expect(noiseRatio(vp, t)).toBeCloseTo(sigma(t) / alpha(t), 8);
      expect(halfLogSnr(vp, t)).toBeCloseTo(Math.log(alpha(t) / sigma(t)), 12);
      expect(timeOfRatio(vp, noiseRatio(vp, t))).toBeCloseTo(t, 9);
    }
    expect([noiseRatio(vp, 0), timeOfRatio(vp, 0)]).toEqual([0, 0]);
    expect(timeOfRatio(vp, noiseRatio(vp, 1) * (1 + 1e-12))).toBe(1);
    expect(() => timeOfRatio(vp, noiseRatio(vp, 1) * 1.001)).toThrow('lies outside');
  });
});
