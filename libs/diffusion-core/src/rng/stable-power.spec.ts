import { stableExp, stableIntegerPower, stableInversePower } from './stable-power.js';

describe('stable powers', () => {
  it('agree with Math.pow to a relative 1e-12', () => {
    for (const base of [1, 1 + 1e-9, 1.3, 1.42, 2, 7, 1001, 123456.5, 1e9]) {
      for (const exponent of [0, 0.1, 2 / 3, 0.75, 1, 3]) {
        expect(Math.abs(stableInversePower(base, exponent) / base ** -exponent - 1)).toBeLessThan(1e-12);
      }
    }
    for (const n of [0, 1, 2, 3, 10, 999, 100_000]) {
      const exact = Math.exp(n * Math.log(0.999));
      expect(Math.abs(stableIntegerPower(0.999, n) / exact - 1)).toBeLessThan(1e-10);
    }
  });

  it('and the exponential agree with Math.exp to a relative 1e-13', () => {
    for (let i = 0; i <= 2000; i++) {
      const y = (-700 * i * i) / 2000 ** 2;
      expect(Math.abs(stableExp(y) / Math.exp(y) - 1)).toBeLessThan(1e-13);
    }
  });

  it('are exact where the result is', () => {
    expect(stableInversePower(1, 5)).toBe(1);
    expect(stableInversePower(17, 0)).toBe(1);
    expect(stableIntegerPower(0, 0)).toBe(1);
    expect(stableIntegerPower(3, 5)).toBe(243);
  });

  it('end in 0, not in a wrong number, when the result underflows', () => {
    expect(stableInversePower(1e9, 1000)).toBe(0);
    expect(stableIntegerPower(0.5, 5000)).toBe(0);
  });

  it('refuse what they are not made for', () => {
    expect(() => stableInversePower(0.5, 1)).toThrow('base ≥ 1');
    expect(() => stableInversePower(2, -1)).toThrow('exponent ≥ 0');
    expect(() => stableIntegerPower(2, 1.5)).toThrow('got 1.5');
  });
});
