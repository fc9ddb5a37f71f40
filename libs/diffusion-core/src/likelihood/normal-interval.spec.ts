import { logNormalInterval } from './normal-interval.js';

/** ∫ of the density by Simpson's rule. */
function quadrature(a: number, b: number): number {
  const steps = 4000;
  const density = (x: number) => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
  const inner = Array.from({ length: steps - 1 }, (_, i) => (i % 2 === 0 ? 4 : 2) * density(a + ((i + 1) / steps) * (b - a)));
  return (((b - a) / steps) * (density(a) + density(b) + inner.reduce((x, y) => x + y))) / 3;
}

describe('logNormalInterval', () => {
  it.each([[-1, 1], [0, 0.001], [0.3, 0.31], [-5, -4], [2.7, 2.9], [2.9, 3.5], [-0.2, 3], [1, 9], [-8, -0.5], [6, 7]])('is the integral of the density from %d to %d', (a, b) => {
    expect(Math.abs(Math.exp(logNormalInterval(a, b)) / quadrature(a, b) - 1)).toBeLessThan(1e-11);
  });

  it('knows the published values: Φ(−1.959963984540054) = 0.025, Φ(−6) = 9.8659e-10', () => {
    const [none, all] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(Math.abs(Math.exp(logNormalInterval(none, -1.959963984540054)) / 0.025 - 1)).toBeLessThan(1e-12);
    expect(Math.abs(Math.exp(logNormalInterval(6, all)) / 9.865876450377e-10 - 1)).toBeLessThan(1e-11);
    expect(Math.abs(logNormalInterval(none, all))).toBe(0);
    expect(Math.abs(Math.exp(logNormalInterval(0, all)) - 0.5)).toBeLessThan(1e-15);
    expect(Math.abs(Math.exp(logNormalInterval(none, 0)) - 0.5)).toBeLessThan(1e-15);
  });

  it('stays finite where the probability is not: ln Φ(−40) = −804.608442…', () => {
    // From the asymptotic series: −x²/2 − ln(x√2π) + ln(1 − 1/x² + 3/x⁴ − 15/x⁶)
    const series = -800 - Math.log(40 * Math.sqrt(2 * Math.PI)) + Math.log(1 - 1 / 1600 + 3 / 1600 ** 2 - 15 / 1600 ** 3);
    expect(Math.abs(logNormalInterval(40, Number.POSITIVE_INFINITY) - series)).toBeLessThan(1e-9);
    expect(Math.abs(logNormalInterval(Number.NEGATIVE_INFINITY, -40) - series)).toBeLessThan(1e-9);
    expect(Math.abs(logNormalInterval(40, 50) - series)).toBeLessThan(1e-9);
  });
});
