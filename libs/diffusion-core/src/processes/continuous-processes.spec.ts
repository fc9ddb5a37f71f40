import { cosineProcess } from './cosine-process.js';
import { ddpmProcess } from './ddpm-process.js';
import { edmProcess } from './edm-process.js';
import type { GaussianProcess } from './gaussian-process.js';
import { sigmoidProcess } from './sigmoid-process.js';
import { subVpProcess } from './sub-vp-process.js';
import { veProcess } from './ve-process.js';
import { vpProcess } from './vp-process.js';

const processes: [string, GaussianProcess][] = [
  ['vp', vpProcess()],
  ['vp, β 0.3 … 7', vpProcess({ betaMin: 0.3, betaMax: 7 })],
  ['sub-vp', subVpProcess()],
  ['sub-vp, β 0.3 … 7', subVpProcess({ betaMin: 0.3, betaMax: 7 })],
  ['ve', veProcess()],
  ['ve, σ 0.1 … 3', veProcess({ sigmaMin: 0.1, sigmaMax: 3 })],
  ['edm', edmProcess()],
  ['edm to 5', edmProcess({ sigmaMax: 5 })],
  ['cosine', cosineProcess()],
  ['cosine without offset, to λ = −9', cosineProcess({ offset: 0, logSnrMin: -9 })],
  ['sigmoid', sigmoidProcess()],
  ['sigmoid −2 … 4, τ 1.5, to λ = −7', sigmoidProcess({ start: -2, end: 4, temperature: 1.5, logSnrMin: -7 })],
];
const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);

/** Twenty times within the process, none of them at an end. */
const timesOf = ({ tMin, tMax }: GaussianProcess) => Array.from({ length: 20 }, (_, i) => tMin + ((i + 0.7) / 20) * (tMax - tMin));

/** Derivative by central differences of fourth order. */
const slope = (f: (t: number) => number, t: number, h: number) => (8 * (f(t + h) - f(t - h)) - (f(t + 2 * h) - f(t - 2 * h))) / (12 * h);

describe.each(processes)('the process %s', (_, process) => {
  it('drifts as α does: f = α′/α', () => {
    for (const t of timesOf(process)) {
      const expected = slope((s) => process.alpha(s), t, (process.tMax - process.tMin) * 1e-4) / process.alpha(t);
      expect(Math.abs(process.drift(t) - expected)).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
    }
  });

  it('diffuses as σ grows: g² = (σ²)′ − 2fσ²', () => {
    for (const t of timesOf(process)) {
      const expected = slope((s) => process.sigma(s) ** 2, t, (process.tMax - process.tMin) * 1e-4) - 2 * process.drift(t) * process.sigma(t) ** 2;
      expect(relative(process.diffusion2(t), expected)).toBeLessThan(1e-6);
    }
  });

  it('has the logarithm of its ratio of signal and noise, which falls', () => {
    let before = Number.POSITIVE_INFINITY;
    for (const t of timesOf(process)) {
      expect(Math.abs(process.logSnr(t) - 2 * Math.log(process.alpha(t) / process.sigma(t)))).toBeLessThan(1e-9);
      expect(process.logSnr(t)).toBeLessThan(before);
      before = process.logSnr(t);
    }
  });

  it('ends at its prior, and is defined nowhere else', () => {
    const { tMin, tMax, prior } = process;
    const [alpha, sigma] = [process.alpha(tMax), process.sigma(tMax)];
    // Data of unit variance come to it, but for what is left of the signal.
    expect(Math.abs(alpha * alpha + sigma * sigma - prior.standardDeviation ** 2)).toBeLessThanOrEqual(alpha * alpha + 2 * alpha);
    for (const method of ['alpha', 'sigma', 'logSnr', 'drift', 'diffusion2'] as const) {
      expect(() => process[method](tMin - 0.1)).toThrow(`outside ${tMin} … ${tMax}`);
      expect(() => process[method](tMax + 0.1)).toThrow(`outside ${tMin} … ${tMax}`);
      expect(() => process[method](Number.NaN)).toThrow('time NaN');
    }
  });
});

describe('continuous processes', () => {
  it('begin with clean data, except for ve, which keeps its least noise', () => {
    for (const process of [vpProcess(), subVpProcess(), edmProcess(), cosineProcess(), sigmoidProcess()]) {
      expect([process.alpha(0), process.sigma(0), process.logSnr(0)]).toEqual([1, 0, Number.POSITIVE_INFINITY]);
    }
    expect(relative(veProcess().sigma(0), 0.01)).toBeLessThan(1e-12);
    expect(relative(veProcess().sigma(1), 50)).toBeLessThan(1e-12);
    expect(relative(veProcess().sigma(0.5), Math.sqrt(0.01 * 50))).toBeLessThan(1e-12);
  });

  it('have the published ends: α(1) of VP is exp(−5.025), its logarithm −¼·19.9 − ½·0.1', () => {
    expect(relative(vpProcess().alpha(1), Math.exp(-5.025))).toBeLessThan(1e-14);
    expect(relative(subVpProcess().sigma(1), 1 - Math.exp(-10.05))).toBeLessThan(1e-14);
    for (const t of [0.001, 0.3, 0.9]) {
      expect(Math.abs(vpProcess().alpha(t) ** 2 + vpProcess().sigma(t) ** 2 - 1)).toBeLessThan(1e-14);
      // Song et al. (2021), appendix C: the variance of sub-VP is the square of that of VP.
      expect(relative(subVpProcess().sigma(t), vpProcess().sigma(t) ** 2)).toBeLessThan(1e-12);
    }
  });

  it('are the limit of DDPM: VP at t = i/T has the ᾱ of T steps, up to 1/T', () => {
    const errors = [1000, 2000].map((steps) => {
      const discrete = ddpmProcess({ num_train_timesteps: steps, beta_schedule: 'linear', beta_start: 0.1 / steps, beta_end: 20 / steps });
      return Math.abs(Math.log(discrete.alpha(steps / 2 - 1) / vpProcess().alpha(0.5)));
    });
    expect(errors[0]).toBeLessThan(0.02);
    // First order: twice the steps, half the error.
    expect(Math.abs(errors[0]! / errors[1]! - 2)).toBeLessThan(0.05);
  });

  it('cosine has the levels of eq. 17 of Nichol & Dhariwal (2021), and cos(πt/2) without its offset', () => {
    const alphaBar = (t: number) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2 / Math.cos((0.008 / 1.008) * (Math.PI / 2)) ** 2;
    const discrete = ddpmProcess({ num_train_timesteps: 500, beta_schedule: 'squaredcos_cap_v2', beta_start: 0.1, beta_end: 0.2 });
    for (const t of [0.02, 0.3, 0.9]) {
      expect(relative(cosineProcess().alpha(t) ** 2, alphaBar(t))).toBeLessThan(1e-12);
      expect(relative(discrete.alpha(500 * t - 1), cosineProcess().alpha(t))).toBeLessThan(1e-11);
      expect(relative(cosineProcess({ offset: 0 }).alpha(t), Math.cos((Math.PI / 2) * t))).toBeLessThan(1e-13);
      expect(relative(cosineProcess({ offset: 0 }).sigma(t), Math.sin((Math.PI / 2) * t))).toBeLessThan(1e-13);
    }
  });

  it('sigmoid has the levels of Jabri et al. (2022)', () => {
    const logistic = (x: number) => 1 / (1 + Math.exp(-x));
    for (const [start, end, temperature] of [[-3, 3, 1], [0, 3, 0.3], [-3, 5, 0.9]] as const) {
      const [v0, v1] = [logistic(start / temperature), logistic(end / temperature)];
      for (const t of [0.1, 0.5, 0.8]) {
        const expected = (v1 - logistic((t * (end - start) + start) / temperature)) / (v1 - v0);
        expect(relative(sigmoidProcess({ start, end, temperature }).alpha(t) ** 2, expected)).toBeLessThan(1e-10);
      }
    }
  });

  it.each([-20, -6])('cosine and sigmoid end where λ = %d, before 1', (logSnrMin) => {
    for (const process of [cosineProcess({ logSnrMin }), sigmoidProcess({ logSnrMin })]) {
      expect(Math.abs(process.logSnr(process.tMax) - logSnrMin)).toBeLessThan(1e-5);
      expect(process.tMax).toBeLessThan(1);
      expect(process.tMax).toBeGreaterThan(0.9);
    }
  });

  it('ve at equal distances is the geometric row of noises of NCSN (Song & Ermon 2019, §4.1)', () => {
    const [count, process] = [10, veProcess({ sigmaMin: 0.01, sigmaMax: 1 })];
    for (let i = 0; i < count; i++) expect(relative(process.sigma(1 - i / (count - 1)), 0.01 ** (i / (count - 1)))).toBeLessThan(1e-12);
  });

  it.each([
    [() => cosineProcess({ offset: -0.1 }), 'an offset of at least 0, got -0.1'],
    [() => cosineProcess({ offset: Number.POSITIVE_INFINITY }), 'got Infinity'],
    [() => cosineProcess({ logSnrMin: 0 }), 'a logSnrMin below 0, got 0'],
    [() => sigmoidProcess({ logSnrMin: Number.NEGATIVE_INFINITY }), 'got -Infinity'],
    [() => sigmoidProcess({ start: 3 }), 'start < end and temperature > 0, got 3, 3 and 1'],
    [() => sigmoidProcess({ temperature: -1, start: 3, end: -3 }), 'got 3, -3 and -1'],
    [() => sigmoidProcess({ end: Number.POSITIVE_INFINITY }), 'got -3, Infinity and 1'],
    [() => vpProcess({ betaMin: 0 }), '0 < betaMin < betaMax, got 0 and 20'],
    [() => subVpProcess({ betaMin: 3, betaMax: 2 }), '0 < betaMin < betaMax, got 3 and 2'],
    [() => veProcess({ sigmaMin: -1 }), '0 < sigmaMin < sigmaMax, got -1 and 50'],
    [() => veProcess({ sigmaMax: Number.POSITIVE_INFINITY }), 'got 0.01 and Infinity'],
    [() => edmProcess({ sigmaMax: 0 }), 'sigmaMax > 0, got 0'],
  ])('refuse limits that are none %#', (make, message) => {
    expect(make).toThrow(message);
  });
});
