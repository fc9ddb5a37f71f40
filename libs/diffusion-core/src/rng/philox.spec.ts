import { mulHighUint32, philox4x32 } from './philox.js';

type Counter = [number, number, number, number];

/** The philox4x32 10-round rows of `kat_vectors`, published with Random123 1.14.0. */
const published: { counter: Counter; key: [number, number]; words: number[] }[] = [
  { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

describe('philox4x32', () => {
  it.each(published)('reproduces the published Random123 vector %#', ({ counter, key, words }) => {
    expect([...philox4x32(counter, key)]).toEqual(words);
  });

  it('writes into the array it is given', () => {
    const out = new Uint32Array(4);
    expect(philox4x32([0, 0, 0, 0], [0, 0], out)).toBe(out);
    expect(out[0]).toBe(0x6627e8d5);
  });

  it('changes about half of the output bits when one counter bit changes', () => {
    const base = philox4x32([1, 2, 3, 4], [5, 6]);
    for (let bit = 0; bit < 32; bit++) {
      const other = philox4x32([1 ^ (1 << bit), 2, 3, 4], [5, 6]);
      let changed = 0;
      base.forEach((word, i) => {
        for (let diff = word ^ other[i]!; diff !== 0; diff &= diff - 1) changed++;
      });
      expect(changed).toBeGreaterThan(32);
      expect(changed).toBeLessThan(96);
    }
  });

  it('multiplies 32-bit integers to the same upper word as BigInt', () => {
    const interesting = [0, 1, 2, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x12345678];
    for (const a of interesting) {
      for (const b of interesting) {
        expect(mulHighUint32(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
      }
    }
  });
});
