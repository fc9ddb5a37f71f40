import { ddpmProcess } from '../processes/ddpm-process.js';
import { interpolatedProcess } from '../processes/interpolated-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { exponentialGrid } from './exponential-grid.js';
import { gridOfProcess } from './grid-of-process.js';
import { karrasGrid } from './karras-grid.js';
import { noiseRatio } from './noise-ratio.js';

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

  it('spreads noises evenly with ρ = 1, and comes to equal factors for large ρ', () => {
    expect(karrasGrid(3, { sigmaMin: 1, sigmaMax: 5, rho: 1 })).toEqual([{ t: 5, tPrev: 3 }, { t: 3, tPrev: 1 }, { t: 1, tPrev: 0 }]);
    const [karras, exponential] = [karrasGrid(9, { rho: 1e6 }), exponentialGrid(9)];
    karras.forEach(({ t }, i) => expect(Math.abs(t / exponential[i]!.t - 1)).toBeLessThan(1e-4));
  });
});

describe('exponentialGrid', () => {
  it('falls by equal factors, so that λ rises in equal steps', () => {
    const grid = exponentialGrid(5, { sigmaMin: 0.01, sigmaMax: 100 });
    [100, 10, 1, 0.1, 0.01].forEach((sigma, i) => expect(Math.abs(grid[i]!.t / sigma - 1)).toBeLessThan(1e-12));
    expect(grid.map(({ tPrev }) => tPrev)).toEqual([...grid.slice(1).map(({ t }) => t), 0]);
    expect(exponentialGrid(5, { sigmaMin: 0.01, sigmaMax: 100, endsClean: false })).toEqual(grid.slice(0, 4));
  });

  it('with ρ = 2 has logarithms that fall along a parabola: polyexponential', () => {
    const grid = exponentialGrid(5, { sigmaMin: Math.exp(-3), sigmaMax: Math.exp(5), rho: 2 });
    [5, -3 + 8 * (9 / 16), -3 + 8 / 4, -3 + 8 / 16, -3].forEach((log, i) => expect(Math.log(grid[i]!.t)).toBeCloseTo(log, 12));
  });

  it('goes from 80 to 0.002 if nothing is said', () => {
    expect([exponentialGrid(4)[0]!.t, exponentialGrid(4)[3]!.t]).toEqual([80, 0.002]);
  });
});

describe.each([['a Karras grid', karrasGrid], ['an exponential grid', exponentialGrid]] as const)('%s', (name, gridOf) => {
  it.each([
    [1, {}, 'at least 2 noises, got 1'],
    [2.5, {}, 'at least 2 noises, got 2.5'],
    [5, { sigmaMin: 0 }, 'rho > 0, got 0, 80 and'],
    [5, { sigmaMin: 80 }, 'rho > 0, got 80, 80 and'],
    [5, { rho: 0 }, 'got 0.002, 80 and 0'],
  ])('refuses what makes none: %d of %j', (n, options, message) => {
    expect(() => gridOf(n, options)).toThrow(`${name} needs`);
    expect(() => gridOf(n, options)).toThrow(message);
  });

  it('has no noise twice, however many there are', () => {
    for (const n of [2, 3, 40, 1000]) {
      const grid = gridOf(n);
      expect(grid).toHaveLength(n);
      expect(grid.every(({ t, tPrev }) => t > tPrev)).toBe(true);
    }
  });
});

describe('gridOfProcess', () => {
  it('puts noises at the times that have them: of VP, and of DDPM between whole times', () => {
    const ddpm = interpolatedProcess(ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 }));
    for (const process of [vpProcess(), ddpm]) {
      const noises = karrasGrid(12, { sigmaMin: 0.02, sigmaMax: 140 });
      const grid = gridOfProcess(process, noises);
      grid.forEach(({ t, tPrev }, i) => {
        expect(Math.abs(noiseRatio(process, t) / noises[i]!.t - 1)).toBeLessThan(1e-9);
        expect(tPrev).toBe(grid[i + 1]?.t ?? process.tMin);
      });
    }
  });

  it('takes the whole of a process from its first to its last time', () => {
    const ddpm = interpolatedProcess(ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 }));
    const [sigmaMin, sigmaMax] = [noiseRatio(ddpm, 0), noiseRatio(ddpm, 999)];
    const grid = gridOfProcess(ddpm, karrasGrid(5, { sigmaMin, sigmaMax }));
    expect([grid[0]!.t, grid[4]!.tPrev]).toEqual([999, -1]);
    expect(grid[4]!.t).toBeCloseTo(0, 9);
    expect(() => gridOfProcess(ddpm, karrasGrid(5, { sigmaMax: sigmaMax + 1 }))).toThrow('lies outside');
  });
});
