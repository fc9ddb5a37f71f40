import { AnsStack } from './ans-stack.js';
import { LatticeNormal } from './lattice-normal.js';

/** What a number costs under a law. */
function bitsOf(law: LatticeNormal, value: number, mean: number): number {
  const stack = new AnsStack();
  // Bits are counted on a stack that is not empty: the first symbol of one is rounded less finely.
  stack.pushBits(12345, 20);
  const before = stack.bits;
  law.push(stack, value, mean);
  return stack.bits - before;
}
/** −log₂ of exp(−(k − mean)²/(2r²)) over its sum. */
function exactBits(r: number, value: number, mean: number): number {
  let sum = 0;
  for (let k = Math.floor(mean - 20 * r); k <= mean + 20 * r; k++) sum += Math.exp(-((k - mean) ** 2) / (2 * r * r));
  return ((value - mean) ** 2 / (2 * r * r) + Math.log(sum)) / Math.LN2;
}

describe('LatticeNormal', () => {
  it.each([
    [1, 0],
    [1.7, 0.4],
    [2, -1000.25],
    [30, 7.5],
    [60, 1e6 + 0.3],
  ])('costs −log₂ P(k) within three deviations, r = %d around %d', (r, mean) => {
    for (const tails of [false, true]) {
      const law = new LatticeNormal(r, { tails });
      for (let z = -3; z <= 3; z += 0.5) {
        const value = Math.round(mean + z * r);
        // Means are rounded to r/128 at most: z/256 of a deviation; and frequencies to a place.
        expect(Math.abs(bitsOf(law, value, mean) - exactBits(r, value, mean))).toBeLessThan(0.03);
      }
    }
  });

  it.each([1, 1.3, 4])('has the variance r² and its mean where it was put, r = %d', (r) => {
    const law = new LatticeNormal(r);
    for (const mean of [0, 0.25, -3.5]) {
      const [stack, size] = [new AnsStack(5), 4000];
      const drawn = Array.from({ length: size }, () => law.pop(stack, mean));
      const average = drawn.reduce((a, b) => a + b) / size;
      const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
      expect(Math.abs(average - mean)).toBeLessThan(4 * (r / Math.sqrt(size)));
      expect(Math.abs(variance / (r * r) - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
      // All of it is given back.
      drawn.reverse().forEach((value) => law.push(stack, value, mean));
      expect(stack.holdsOnly(stack.seedBits)).toBe(true);
    }
  });

  it.each([0, 0.5, -7.2])('gives back every number around %d, and with tails every one far from it', (mean) => {
    const [law, tailed] = [new LatticeNormal(1.5), new LatticeNormal(1.5, { tails: true })];
    const near = Array.from({ length: 18 }, (_, i) => Math.floor(mean) - 8 + i);
    const far = [9, 10, 11, 12, 13, 14, 15, 16, 100, 70000, 131071 + 9, 1e6, 536870000].flatMap((distance) => [Math.floor(mean) + distance, Math.floor(mean) - distance]);
    for (const [normal, values] of [[law, near], [tailed, [...near, ...far]]] as const) {
      const stack = new AnsStack();
      values.forEach((value) => normal.push(stack, value, mean));
      for (const value of [...values].reverse()) expect(normal.pop(stack, mean)).toBe(value);
      expect(stack.holdsOnly(0)).toBe(true);
    }
  });

  it('says where a number lies beyond its ends: nine steps below and ten above the whole part of the mean at r = 1.5', () => {
    const law = new LatticeNormal(1.5);
    for (const value of [-9, 10]) expect(() => law.push(new AnsStack(), value, 0.5)).not.toThrow();
    for (const value of [-10, 11]) expect(() => law.push(new AnsStack(), value, 0.5)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: `${value} lies beyond a normal law around 0.5` }));
  });

  it('codes what lies far out in twice the bits of its distance, and 25', () => {
    const law = new LatticeNormal(1, { tails: true });
    for (const distance of [100, 5000, 1e8]) expect(bitsOf(law, distance, 0)).toBeLessThan(2 * Math.log2(distance) + 25);
  });

  it.each([Number.NaN, Infinity, -536870912])('refuses the mean %d', (mean) => {
    for (const act of [(law: LatticeNormal) => law.push(new AnsStack(), 0, mean), (law: LatticeNormal) => law.pop(new AnsStack(), mean)]) {
      expect(() => act(new LatticeNormal(1))).toThrow(expect.objectContaining({ code: 'non_finite', message: expect.stringContaining(`around ${mean} steps`) }));
    }
  });

  it.each([0.99, 65537, Number.NaN])('refuses the deviation %d', (deviation) => {
    expect(() => new LatticeNormal(deviation)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`got ${deviation}`) }));
  });
});
