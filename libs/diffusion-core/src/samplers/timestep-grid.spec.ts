import { timestepGrid } from './timestep-grid.js';

const times = (...args: Parameters<typeof timestepGrid>) => timestepGrid(...args).map((step) => step.t);

describe('timestepGrid', () => {
  it('has the times of diffusers for each spacing', () => {
    expect(times(5, 'leading')).toEqual([800, 600, 400, 200, 0]);
    expect(times(5, 'leading', { stepsOffset: 1 })).toEqual([801, 601, 401, 201, 1]);
    expect(times(5, 'trailing')).toEqual([999, 799, 599, 399, 199]);
    expect(times(5, 'linspace')).toEqual([999, 749, 500, 250, 0]); // numpy rounds 499.5 to 500, 749.25 to 749
    expect(times(3, 'leading')).toEqual([666, 333, 0]);
    expect(times(3, 'trailing')).toEqual([999, 666, 332]); // round(666.67) − 1, round(333.33) − 1
  });

  it('names both ends of every step, the last one clean data', () => {
    expect(timestepGrid(3, 'trailing')).toEqual([
      { t: 999, tPrev: 666 },
      { t: 666, tPrev: 332 },
      { t: 332, tPrev: -1 },
    ]);
  });

  it.each(['leading', 'trailing', 'linspace'] as const)('has n strictly falling steps for every n: %s', (spacing) => {
    for (let n = 1; n <= 1000; n++) {
      const grid = timestepGrid(n, spacing);
      expect(grid.length).toBe(n);
      expect(grid.every(({ t, tPrev }) => t > tPrev)).toBe(true);
    }
    expect(times(1000, spacing)).toEqual(Array.from({ length: 1000 }, (_, i) => 999 - i));
  });

  it('begins a one-step grid at the noisiest time, except for leading', () => {
    expect([times(1, 'trailing'), times(1, 'linspace'), times(1, 'leading')]).toEqual([[999], [999], [0]]);
  });

  it.each([0, -1, 1.5, 1001, Number.NaN])('refuses %s steps', (n) => {
    expect(() => timestepGrid(n, 'leading')).toThrow(`1 to 1000 steps (num_train_timesteps), got ${n}`);
  });

  it('refuses an offset that leaves the schedule', () => {
    expect(() => timestepGrid(1000, 'leading', { stepsOffset: 1 })).toThrow('stepsOffset 1 puts time 1000 outside 0 … 999');
  });
});
