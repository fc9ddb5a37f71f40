import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { rk45, type Derivative } from './rk45.js';

const decay: Derivative = (_, [y]) => [tf.neg(y!)];

/** Solves for one number; disposes of what comes. */
function solve(f: Derivative, times: [number, number], y0: number, options = {}): { y: number; evaluations: number } {
  return tf.tidy(() => {
    const { y, evaluations } = rk45(f, times, [tf.tensor1d([y0])], options);
    return { y: y[0]!.dataSync()[0]!, evaluations };
  });
}

describe('rk45', () => {
  it.each([
    ['y′ = −y', decay, [0, 3], 2, 2 * Math.exp(-3)],
    ['y′ = −y backwards', decay, [3, 0], 1, Math.exp(3)],
    ['y′ = t', (t: number) => [tf.tensor1d([t])], [1, 3], 0, 4],
    ['y′ = y²', (_: number, [y]: readonly tf.Tensor[]) => [tf.square(y!)], [0, 0.9], 1, 10],
    ['y′ = −2ty', (t: number, [y]: readonly tf.Tensor[]) => [tf.mul(-2 * t, y!)], [0, 1.5], 1, Math.exp(-2.25)],
  ] as [string, Derivative, [number, number], number, number][])('solves %s', (_, f, times, y0, expected) => {
    expect(Math.abs(solve(f, times, y0).y / expected - 1)).toBeLessThan(5e-5);
  });

  it('takes as few steps as the error allows, and is as exact as it is told to be', () => {
    const errorOf = (rtol: number) => {
      const { y, evaluations } = solve(decay, [0, 10], 1, { rtol, atol: 0 });
      return { error: Math.abs(y / Math.exp(-10) - 1), evaluations };
    };
    const [rough, fine] = [errorOf(1e-2), errorOf(1e-5)];
    expect(rough.evaluations).toBeLessThan(fine.evaluations);
    expect(fine.evaluations).toBeLessThan(300);
    expect(rough.error).toBeGreaterThan(1e-4);
    expect(fine.error).toBeLessThan(1e-4);
  });

  it('solves several tensors together, and leaves what it returns and nothing else', () => {
    const [x, v] = [tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 2]])];
    const before = tf.memory().numTensors;
    // A pendulum with small swings, half a period.
    const { y } = rk45((_, [place, speed]) => [tf.clone(speed!), tf.neg(place!)], [0, Math.PI], [x, v]);
    expect(tf.memory().numTensors).toBe(before + 2);
    const got = y.flatMap((tensor) => [...tensor.dataSync()]);
    [-1, 0, 0, -2].forEach((expected, i) => expect(Math.abs(got[i]! - expected)).toBeLessThan(2e-4));
    tf.dispose([x, v, ...y]);
  });

  it('says so when it comes to no end, and disposes of what it has', () => {
    const y0 = tf.tensor1d([1]);
    const before = tf.memory().numTensors;
    expect(() => rk45(decay, [0, 10], [y0], { maxSteps: 3 })).toThrow(/an ODE from 0 to 10 has come to .* in 3 steps/);
    expect(() => rk45(() => [tf.tensor1d([Number.NaN])], [0, 1], [y0])).toThrow('is not finite after 0');
    expect(() => rk45(decay, [0, 1], [y0], { rtol: 0, atol: 0 })).toThrow('rtol 0 and atol 0 allow no step');
    expect(tf.memory().numTensors).toBe(before);
    y0.dispose();
  });

  it('goes nowhere from a time to the same', () => {
    expect(solve(decay, [2, 2], 5).y).toBe(5);
  });
});
