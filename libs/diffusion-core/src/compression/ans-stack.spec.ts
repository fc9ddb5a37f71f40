import { PhiloxStream } from '../rng/philox-stream.js';
import { AnsStack, ansTotal } from './ans-stack.js';

const random = (step: number) => new PhiloxStream({ seed: 3, purpose: 'noise', step });
/** Symbols with places drawn at random: some very frequent, some with one place. */
function symbols(count: number): { start: number; frequency: number }[] {
  const stream = random(1);
  return Array.from({ length: count }, () => {
    const frequency = Math.max(1, Math.floor(ansTotal * stream.uniform() ** 8));
    return { start: stream.uniformInt(ansTotal - frequency + 1), frequency };
  });
}

describe('AnsStack', () => {
  it('gives back 5,000 symbols in reverse order, from its words, and then holds nothing', () => {
    const stack = new AnsStack();
    const all = symbols(5000);
    all.forEach(({ start, frequency }) => stack.push(start, frequency));
    const read = AnsStack.fromWords(stack.toWords());
    expect(read.bits).toBe(stack.bits);
    for (const { start, frequency } of all.reverse()) {
      expect(read.peek()).toBeGreaterThanOrEqual(start);
      expect(read.peek()).toBeLessThan(start + frequency);
      read.pop(start, frequency);
    }
    expect(read.holdsOnly(0)).toBe(true);
    expect(read.bits).toBeLessThan(1);
  });

  it('takes Σ −log₂(frequency/2²⁰) bits, to a thousandth', () => {
    const stack = new AnsStack();
    const all = symbols(5000);
    all.forEach(({ start, frequency }) => stack.push(start, frequency));
    const entropy = all.reduce((sum, { frequency }) => sum - Math.log2(frequency / ansTotal), 0);
    expect(stack.bits / entropy).toBeGreaterThan(1 - 1e-6);
    expect(stack.bits / entropy).toBeLessThan(1.001);
    expect(stack.seedBits).toBe(0);
  });

  it.each([1, 2, ansTotal - 1, ansTotal])('codes symbols of %d places', (frequency) => {
    const stack = new AnsStack();
    for (let i = 0; i < 50; i++) stack.push(ansTotal - frequency, frequency);
    expect(Math.abs(stack.bits + 50 * Math.log2(frequency / ansTotal))).toBeLessThan(1);
    for (let i = 0; i < 50; i++) stack.pop(ansTotal - frequency, frequency);
    expect(stack.holdsOnly(0)).toBe(true);
  });

  it('draws from the law under which it is popped, and pushing gives the bits back', () => {
    const stack = new AnsStack(7);
    const before = stack.toWords();
    const drawn = Array.from({ length: 4000 }, () => {
      const one = stack.peek() < ansTotal / 4;
      stack.pop(one ? 0 : ansTotal / 4, one ? ansTotal / 4 : (3 * ansTotal) / 4);
      return one;
    });
    const ones = drawn.filter(Boolean).length;
    // 4 standard errors of 4,000 draws.
    expect(Math.abs(ones - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75));
    // The entropy of so many draws; a state of 16 bits may still lie on the stack.
    expect(Math.abs(stack.seedBits - stack.bits - (ones * 2 - (4000 - ones) * Math.log2(0.75)))).toBeLessThan(1);
    for (const one of drawn.reverse()) stack.push(one ? 0 : ansTotal / 4, one ? ansTotal / 4 : (3 * ansTotal) / 4);
    expect(stack.holdsOnly(stack.seedBits)).toBe(true);
    expect(stack.holdsOnly(stack.seedBits - 16)).toBe(false);
    expect(stack.toWords().subarray(stack.seedBits / 16)).toEqual(before);
  });

  it('has seeds that differ, and knows its own', () => {
    const drawn = (seed: number) => {
      const stack = new AnsStack(seed);
      const value = stack.popBits(20);
      stack.pushBits(value, 20);
      return { value, words: stack.toWords() };
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1).value).not.toBe(drawn(2).value);
    expect(AnsStack.fromWords(drawn(1).words, 1).holdsOnly(32)).toBe(true);
    expect(AnsStack.fromWords(drawn(1).words, 2).holdsOnly(32)).toBe(false);
  });

  it('does not take what still holds a symbol for empty', () => {
    const stack = new AnsStack();
    stack.pushBits(0, 1);
    expect(stack.holdsOnly(0)).toBe(false);
  });

  it('keeps numbers of 0 to 20 bits', () => {
    const stack = new AnsStack();
    const values = Array.from({ length: 21 }, (_, width) => 2 ** width - 1);
    values.forEach((value, width) => stack.pushBits(value, width));
    expect(Math.abs(stack.bits - 210)).toBeLessThan(1);
    for (let width = 20; width >= 0; width--) expect(stack.popBits(width)).toBe(values[width]);
  });

  it.each([
    [-1, 2],
    [0, 0],
    [0, ansTotal + 1],
    [ansTotal - 1, 2],
    [Number.NaN, 1],
  ])('refuses a symbol of the places from %d on, %d of them', (start, frequency) => {
    expect(() => new AnsStack().push(start, frequency)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('each needs one or more') }));
  });

  it.each([[[]], [[1, 2]], [[5, 0, 0, 0]]])('refuses the words %j', (words) => {
    expect(() => AnsStack.fromWords(Uint16Array.from(words))).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('no stack of symbols') }));
  });
});
