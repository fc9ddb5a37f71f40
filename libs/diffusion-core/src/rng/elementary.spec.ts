import { cosFirstQuadrant, cosTurn, logUniform, sinTurn } from './elementary.js';
import { philox4x32 } from './philox.js';

const edges = [
  0, 1, 2, 3, 0x1fffffff, 0x20000000, 0x3fffffff, 0x40000000, 0x5fffffff, 0x60000000, 0x7fffffff, 0x80000000, 0x9fffffff, 0xa0000000,
  0xbfffffff, 0xc0000000, 0xdfffffff, 0xe0000000, 0xfffffffe, 0xffffffff,
];
const seed = 20;
const random = Array.from({ length: 5000 }, (_, i) => philox4x32([i, 0, 0, 0], [seed, 0])[0]!);
const words = [...edges, ...random];

describe('elementary functions', () => {
  it('logUniform agrees with Math.log to a relative 1e-14', () => {
    for (const x of words) {
      // Close to 1 the rounded quotient, not the function, would limit Math.log: use log1p there.
      const exact = x > 0x80000000 ? Math.log1p(-(0xffffffff - x + 0.5) / 2 ** 32) : Math.log((x + 0.5) / 2 ** 32);
      expect(Math.abs(logUniform(x) / exact - 1)).toBeLessThan(1e-14);
    }
  });

  it('logUniform is finite and negative at both ends', () => {
    expect(logUniform(0)).toBeCloseTo(-33 * Math.LN2, 12);
    expect(logUniform(0xffffffff)).toBeLessThan(0);
  });

  it('cosTurn and sinTurn agree with Math.cos and Math.sin to 1e-14', () => {
    for (const y of words) {
      const angle = (2 * Math.PI * y) / 2 ** 32;
      expect(Math.abs(cosTurn(y) - Math.cos(angle))).toBeLessThan(1e-14);
      expect(Math.abs(sinTurn(y) - Math.sin(angle))).toBeLessThan(1e-14);
    }
  });

  it('cosFirstQuadrant agrees with Math.cos to 1e-15', () => {
    for (let i = 0; i <= 1000; i++) {
      const theta = ((Math.PI / 2) * i) / 1000;
      expect(Math.abs(cosFirstQuadrant(theta) - Math.cos(theta))).toBeLessThan(1e-15);
    }
  });

  it('cosTurn and sinTurn lie on the unit circle', () => {
    for (const y of words) expect(Math.abs(cosTurn(y) ** 2 + sinTurn(y) ** 2 - 1)).toBeLessThan(1e-14);
  });
});
