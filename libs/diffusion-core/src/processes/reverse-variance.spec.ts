import { ddpmProcess } from './ddpm-process.js';
import { varianceLimits } from './reverse-variance.js';
import { vpProcess } from './vp-process.js';

const process = ddpmProcess({ num_train_timesteps: 10, beta_schedule: 'linear', beta_start: 0.01, beta_end: 0.2 });

describe('varianceLimits', () => {
  it.each([[5, 4], [9, 2], [1, 0]])('are those of DDPM: %d → %d', (t, tPrev) => {
    const { small, large } = varianceLimits(process, { t, tPrev });
    expect(small).toBeCloseTo(process.posteriorVariance(t, tPrev, 'fixed_small'), 14);
    expect(large).toBeCloseTo(process.posteriorVariance(t, tPrev, 'fixed_large'), 14);
  });

  it('are those of Gaussian data in the limits of a point and of unit variance, for any process', () => {
    const [vp, step] = [vpProcess(), { t: 0.6, tPrev: 0.4 }];
    const [a, s, aPrev, sPrev] = [vp.alpha(0.6), vp.sigma(0.6), vp.alpha(0.4), vp.sigma(0.4)];
    // Var(x_s | x_t) for data of the variance v: by the rule for two jointly normal numbers.
    const reverse = (v: number) => {
      const [own, other, both] = [aPrev ** 2 * v + sPrev ** 2, a ** 2 * v + s ** 2, aPrev * a * v + (a / aPrev) * sPrev ** 2];
      return own - both ** 2 / other;
    };
    const { small, large } = varianceLimits(vp, step);
    expect(small).toBeCloseTo(reverse(0), 12);
    expect(large).toBeCloseTo(reverse(1), 12);
  });

  it('to clean data have the smaller one of the step before, where there is one', () => {
    const { small, large } = varianceLimits(process, { t: 0, tPrev: -1 });
    expect(small).toBeCloseTo(process.posteriorVariance(1, 0, 'fixed_small'), 14);
    expect(large).toBeCloseTo(0.01, 14);
    const one = ddpmProcess({ num_train_timesteps: 1, beta_schedule: 'linear', beta_start: 0.01, beta_end: 0.2 });
    expect(varianceLimits(one, { t: 0, tPrev: -1 })).toEqual({ small: large, large });
  });
});
