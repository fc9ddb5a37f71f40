import { ddpmProcess, type VarianceType } from '../processes/ddpm-process.js';
import { ancestralCoefficients, ddimCoefficients, type StepCoefficients } from './step-coefficients.js';
import { timestepGrid, type GridStep } from './timestep-grid.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const dataVariance = 0.25;

/** Output variance for data N(0, ¼) with the exact denoiser x̂₀ = αv/(α²v + σ²)·x, from x_T ~ N(0, 1). */
function outputVariance(grid: GridStep[], coefficientsOf: (step: GridStep) => StepCoefficients): number {
  return grid.reduce((variance, step) => {
    const { alpha, sigma } = { alpha: process.alpha(step.t), sigma: process.sigma(step.t) };
    const gain = (alpha * dataVariance) / (alpha ** 2 * dataVariance + sigma ** 2);
    const c = coefficientsOf(step);
    return (c.x0 * gain + c.x) ** 2 * variance + c.noise ** 2;
  }, 1);
}

describe('ddimCoefficients', () => {
  it.each([
    [10, 0.374128],
    [50, 0.472439],
    [200, 0.492891],
  ])('in %d steps turn N(0, 1) into standard deviation %d for data N(0, ¼)', (n, expected) => {
    const variance = outputVariance(timestepGrid(n, 'leading'), (step) => ddimCoefficients(process, step, 0));
    expect(Math.abs(Math.sqrt(variance) - expected)).toBeLessThan(5e-7);
  });

  it('are of first order: twice the steps, half the error', () => {
    const error = (n: number) => 0.5 - Math.sqrt(outputVariance(timestepGrid(n, 'leading'), (step) => ddimCoefficients(process, step, 0)));
    for (const n of [125, 250]) expect(Math.abs(Math.log2(error(n) / error(2 * n)) - 1)).toBeLessThan(0.1);
  });

  it('at η = 1 are the ancestral step with fixed_small, on any grid', () => {
    for (const step of timestepGrid(7, 'trailing')) {
      const [a, b] = [ddimCoefficients(process, step, 1), ancestralCoefficients(process, step, 'fixed_small')];
      for (const key of ['x0', 'x', 'noise'] as const) expect(Math.abs(a[key] - b[key])).toBeLessThan(1e-12);
    }
  });
});

describe('ancestralCoefficients', () => {
  it.each<[VarianceType, number]>([
    ['fixed_small', 0.246125],
    ['fixed_large', 0.250752],
  ])('with %s turn N(0, 1) into variance %d for data N(0, ¼) over all 1000 steps', (type, expected) => {
    const variance = outputVariance(timestepGrid(1000, 'leading'), (step) => ancestralCoefficients(process, step, type));
    expect(Math.abs(variance - expected)).toBeLessThan(5e-7);
  });

  it('are the posterior mean of Ho et al. (2020), eq. 7, for neighbouring times', () => {
    for (const t of [1, 10, 500, 999]) {
      const [bar, barPrev, beta] = [process.alphasCumprod[t]!, process.alphasCumprod[t - 1]!, process.betas[t]!];
      const c = ancestralCoefficients(process, { t, tPrev: t - 1 }, 'fixed_small');
      expect(Math.abs(c.x0 / ((Math.sqrt(barPrev) * beta) / (1 - bar)) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(c.x / ((Math.sqrt(1 - beta) * (1 - barPrev)) / (1 - bar)) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(c.noise ** 2 / process.posteriorVariance(t, t - 1, 'fixed_small') - 1)).toBeLessThan(1e-9);
    }
  });

  it.each<VarianceType>(['fixed_small', 'fixed_large'])('end in x̂₀ itself, without noise: %s', (type) => {
    const c = ancestralCoefficients(process, { t: 0, tPrev: -1 }, type);
    expect([c.x, c.noise]).toEqual([0, 0]);
    expect(c.x0).toBeCloseTo(1, 12);
  });
});
