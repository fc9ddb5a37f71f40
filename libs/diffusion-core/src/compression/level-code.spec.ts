import { levelLogProbabilities } from '../likelihood/level-probabilities.js';
import { AnsStack, ansTotal } from './ans-stack.js';
import { LevelCode } from './level-code.js';

const places: { alpha: number; sigma: number }[] = [
  { alpha: 0.999, sigma: 0.011 },
  { alpha: 0.9, sigma: 0.3 },
];

describe('LevelCode', () => {
  it.each(places)('costs −log₂ of the probability by Bayes’ rule: %j', (first) => {
    const prior = Array.from({ length: 256 }, (_, level) => (level === 0 ? 50 : 1 + (level % 5)));
    const code = new LevelCode(first, prior);
    const exact = levelLogProbabilities(first, 256, prior);
    for (const x of [-1.02, -0.995, 0.1234, 1]) {
      const logProbabilities = Float64Array.from(exact(x));
      for (let level = 0; level < 256; level += 1) {
        const bits = -logProbabilities[level]! / Math.LN2;
        if (bits > 8) continue; // Rounded to places: one of 2²⁰ for each level at least.
        const stack = new AnsStack();
        stack.pushBits(999, 20);
        const before = stack.bits;
        code.push(stack, level, x);
        expect(Math.abs(stack.bits - before - bits)).toBeLessThan(0.01);
      }
    }
  });

  it.each(places)('gives back every level, the impossible ones too: %j', (first) => {
    const code = new LevelCode(first, new Float64Array(16).fill(1));
    const stack = new AnsStack();
    for (const x of [-1, 0.3, 40]) for (let level = 0; level < 16; level++) code.push(stack, level, x);
    for (const x of [40, 0.3, -1]) for (let level = 15; level >= 0; level--) expect(code.pop(stack, x)).toBe(level);
    expect(stack.holdsOnly(0)).toBe(true);
    const cost = new AnsStack();
    code.push(cost, 0, 1e9);
    expect(cost.bits).toBeLessThanOrEqual(Math.log2(ansTotal) + 1); // One more: what an empty stack begins with.
  });

  it.each([[[1, 0, 2]], [[1, Number.NaN]], [[1, -1]]])('refuses the frequencies %j', (prior) => {
    expect(() => new LevelCode(places[0]!, prior)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('every level needs a frequency above 0') }));
  });

  it('refuses one level', () => {
    expect(() => new LevelCode(places[0]!, [1])).toThrow('two or more levels, got 1');
  });
});
