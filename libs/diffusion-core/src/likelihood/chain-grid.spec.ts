import { ddpmProcess } from '../processes/ddpm-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { cheapestGrid, evenGrid, evenLogSnrGrid, stepsThrough } from './chain-grid.js';

describe('evenGrid', () => {
  it.each([
    [9, 0, 3, [9, 6, 3, 0]],
    [9, 2, 7, [9, 8, 7, 6, 5, 4, 3, 2]],
    [10, 0, 4, [10, 8, 5, 3, 0]],
    [5, 4, 1, [5, 4]],
  ])('goes from %d to %d in %d steps', (first, last, steps, times) => {
    expect(evenGrid(first, last, steps)).toEqual(stepsThrough(times));
  });

  it('takes every time unless told', () => {
    expect(evenGrid(3, 1)).toEqual([{ t: 3, tPrev: 2 }, { t: 2, tPrev: 1 }]);
  });

  it.each([[9, 0, 0], [9, 0, 10], [9, 9, 1], [9.5, 0, 3], [9, 0.5, 3], [9, 0, 2.5]])('refuses from %d to %d in %d steps', (first, last, steps) => {
    const message = `whole times from ${first} down to ${last} have no grid of ${steps} steps`;
    expect(() => evenGrid(first, last, steps)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });
});

describe('evenLogSnrGrid', () => {
  const schedule = (beta_schedule: 'linear_log_snr' | 'squaredcos_cap_v2') => ddpmProcess({ num_train_timesteps: 1000, beta_schedule, beta_start: 0.1, beta_end: 0.2, log_snr_max: 9, log_snr_min: -8 });

  it('is even in time where λ is linear in it', () => {
    expect(evenLogSnrGrid(schedule('linear_log_snr'), { first: 999, last: 0, steps: 27 })).toEqual(evenGrid(999, 0, 27));
    expect(evenLogSnrGrid(schedule('linear_log_snr'), { first: 999, last: 9, steps: 45, stride: 2 })).toEqual(evenGrid(999, 9, 45));
  });

  it('is even in λ where it can, and takes every time where even those are too far apart', () => {
    const cosine = schedule('squaredcos_cap_v2');
    const grid = evenLogSnrGrid(cosine, { first: 990, last: 5, steps: 20, stride: 3 });
    expect([grid[0]!.t, grid.at(-1)!.tPrev]).toEqual([989, 5]);
    expect(grid.every(({ t, tPrev }, i) => t > tPrev && (tPrev - 5) % 3 === 0 && (i === 0 || grid[i - 1]!.tPrev === t))).toBe(true);
    const even = (cosine.logSnr(5) - cosine.logSnr(989)) / 20;
    // Each end is off by at most half the λ between neighbouring times.
    grid.forEach(({ t, tPrev }) => {
      const slack = (cosine.logSnr(tPrev) - cosine.logSnr(tPrev + 3) + cosine.logSnr(t - 3) - cosine.logSnr(t + (t < 989 ? 3 : 0))) / 2;
      expect(Math.abs(cosine.logSnr(tPrev) - cosine.logSnr(t) - even)).toBeLessThan(slack);
    });
    expect(evenLogSnrGrid(cosine, { first: 12, last: 0, steps: 500 })).toEqual(evenGrid(12, 0));
  });

  it.each([[9, 0, 0, 1], [9, 9, 1, 1], [9, 8, 1, 2], [9, 0, 1.5, 1]])('refuses from %d to %d in %d steps of %d', (first, last, steps, stride) => {
    const message = `times from ${first} down to ${last} have no grid of ${steps} steps of at least ${stride}`;
    expect(() => evenLogSnrGrid(schedule('linear_log_snr'), { first, last, steps, stride })).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });
});

describe('cheapestGrid', () => {
  const process = vpProcess();
  const errors = [1, 0.8, 0.7, 0.5, 0.25, 0.2, 0.1, 0.02].map((t, i) => ({ t, squaredError: [1, 0.99, 0.6, 0.58, 0.3, 0.05, 0.049, 0.01][i]! }));
  const costOf = (path: readonly number[]) =>
    path.slice(1).reduce((sum, j, k) => sum + (Math.exp(process.logSnr(errors[j]!.t)) - Math.exp(process.logSnr(errors[path[k]!]!.t))) * errors[path[k]!]!.squaredError, 0);
  /** All ways from i to the last time in so many steps. */
  const waysFrom = (i: number, steps: number): number[][] =>
    steps === 0 ? (i === errors.length - 1 ? [[i]] : []) : errors.flatMap((_, j) => (j > i ? waysFrom(j, steps - 1).map((way) => [i, ...way]) : []));

  it.each([1, 2, 3, 4, 6, 7])('is the best of all ways in %d steps', (steps) => {
    const ways = waysFrom(0, steps);
    const best = ways.reduce((a, b) => (costOf(b) < costOf(a) ? b : a));
    expect(cheapestGrid(process, errors, steps)).toEqual(stepsThrough(best.map((i) => errors[i]!.t)));
  });

  it.each([0, 8, 1.5])('refuses %d steps through 8 times', (steps) => {
    expect(() => cheapestGrid(process, errors, steps)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: `8 times have no grid of ${steps} steps` }));
  });
});
