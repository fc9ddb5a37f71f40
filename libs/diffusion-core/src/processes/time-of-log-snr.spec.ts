import { cosineProcess } from './cosine-process.js';
import { ddpmProcess } from './ddpm-process.js';
import { edmProcess } from './edm-process.js';
import { interpolatedProcess } from './interpolated-process.js';
import { sigmoidProcess } from './sigmoid-process.js';
import { subVpProcess } from './sub-vp-process.js';
import { timeOfLogSnr } from './time-of-log-snr.js';
import { veProcess } from './ve-process.js';
import { vpProcess } from './vp-process.js';

const ddpm = ddpmProcess({ num_train_timesteps: 40, beta_schedule: 'squaredcos_cap_v2', beta_start: 0.1, beta_end: 0.2 });
const processes = { vp: vpProcess(), 'sub-vp': subVpProcess(), ve: veProcess(), edm: edmProcess(), cosine: cosineProcess(), sigmoid: sigmoidProcess(), ddpm: interpolatedProcess(ddpm) };

describe.each(Object.entries(processes))('timeOfLogSnr of %s', (_, process) => {
  it('is the inverse of logSnr', () => {
    const { tMin, tMax } = process;
    for (const share of [0.001, 0.3, 0.77, 1]) {
      const t = tMin + share * (tMax - tMin);
      expect(Math.abs(timeOfLogSnr(process, process.logSnr(t)) - t)).toBeLessThan(1e-9 * (tMax - tMin));
    }
    expect(timeOfLogSnr(process, process.logSnr(tMin))).toBe(tMin);
  });

  it('refuses what does not happen', () => {
    const least = process.logSnr(process.tMax);
    expect(() => timeOfLogSnr(process, least - 1)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`a log-SNR of ${least - 1} lies outside`) }));
    expect(() => timeOfLogSnr(process, Number.NaN)).toThrow('NaN lies outside');
  });
});

describe('interpolatedProcess', () => {
  const process = interpolatedProcess(ddpm);

  it('is the process itself at whole times', () => {
    for (const t of [-1, 0, 1, 20, 39]) {
      for (const method of ['alpha', 'sigma', 'drift', 'diffusion2'] as const) expect(Math.abs(process[method](t) - ddpm[method](t))).toBeLessThan(1e-12);
    }
    expect(process.logSnr(-1)).toBe(Number.POSITIVE_INFINITY);
    expect([process.tMin, process.tMax, process.prior]).toEqual([-1, 39, { standardDeviation: 1 }]);
  });

  it('goes straight between them in ln α, and solves its own equation', () => {
    for (const t of [-0.4, 0.25, 17.5, 38.9]) {
      const below = Math.floor(t);
      const expected = Math.log(ddpm.alpha(below)) + (t - below) * Math.log(ddpm.alpha(below + 1) / ddpm.alpha(below));
      expect(Math.abs(Math.log(process.alpha(t)) - expected)).toBeLessThan(1e-12);
      expect(Math.abs(process.alpha(t) ** 2 + process.sigma(t) ** 2 - 1)).toBeLessThan(1e-13);
      expect(Math.abs(process.logSnr(t) - 2 * Math.log(process.alpha(t) / process.sigma(t)))).toBeLessThan(1e-11);
      const h = 1e-5;
      const slope = (f: (at: number) => number) => (f(t + h) - f(t - h)) / (2 * h);
      expect(Math.abs(slope(process.alpha) / process.alpha(t) - process.drift(t))).toBeLessThan(1e-8);
      expect(Math.abs(slope((at) => process.sigma(at) ** 2) - 2 * process.drift(t) * process.sigma(t) ** 2 - process.diffusion2(t))).toBeLessThan(1e-8);
    }
  });

  it('is not defined outside', () => {
    expect(() => process.alpha(-1.01)).toThrow('time -1.01 lies outside -1 … 39');
    expect(() => process.drift(39.5)).toThrow('time 39.5 lies outside -1 … 39');
  });
});
