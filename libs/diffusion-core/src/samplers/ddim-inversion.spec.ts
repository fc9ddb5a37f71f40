import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { ddim } from './ddim.js';
import { ddimInversion } from './ddim-inversion.js';
import { timestepGrid } from './timestep-grid.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const denoiser = mixtureDenoiser(process, [
  { weight: 0.3, mean: [-1], variance: 0.04 },
  { weight: 0.7, mean: [0.8], variance: 0.2 },
]);
const data = () => tf.tensor2d([[-1.1], [-0.2], [0.9], [1.4]]);

/** Largest distance of data from what they become by inversion and `ddim`. */
function lost(n: number, refinements: number): number {
  return tf.tidy(() => {
    const grid = timestepGrid(n, 'trailing');
    const encoded = ddimInversion(denoiser, process, grid, data(), { refinements });
    return Number(tf.max(tf.abs(tf.sub(ddim(denoiser, process, grid, encoded), data()))).dataSync()[0]);
  });
}

describe('ddimInversion', () => {
  it('and ddim lead back to the data, the closer the more steps there are: of first order', () => {
    const errors = [25, 50, 100, 200].map((n) => lost(n, 0));
    errors.slice(1).forEach((error, i) => expect(error).toBeLessThan(0.75 * errors[i]!));
    expect(Math.abs(Math.log2(errors[2]! / errors[3]!) - 1)).toBeLessThan(0.35);
  });

  it('is the exact inverse of ddim when it is refined, though steps are few', () => {
    const errors = [0, 1, 2, 30].map((refinements) => lost(20, refinements));
    errors.slice(1).forEach((error, i) => expect(error).toBeLessThan(errors[i]!));
    expect(errors[3]).toBeLessThan(1e-4);
  });

  it.each([
    [10, 0],
    [50, 0],
    [50, 3],
  ])('multiplies data N(0, ¼) by the factor of its recursion: %d steps, %d refinements', (n, refinements) => {
    const grid = timestepGrid(n, 'leading');
    // ε̂ at t of y is e·y; a step makes c·x + d·e·y of x.
    const factor = [...grid].reverse().reduce((before, { t, tPrev }) => {
      const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
      const e = (1 - (alpha * alpha * 0.25) / (alpha * alpha * 0.25 + sigma * sigma)) / sigma;
      const c = alpha / process.alpha(tPrev);
      const d = sigma - c * process.sigma(tPrev);
      let guess = before;
      for (let round = 0; round <= refinements; round++) guess = c * before + d * e * guess;
      return guess;
    }, 1);
    const encoded = tf.tidy(() => ddimInversion(gaussianDenoiser(process, { mean: 0, variance: 0.25 }), process, grid, tf.tensor2d([[1]]), { refinements }).dataSync()[0]!);
    expect(Math.abs(encoded / factor - 1)).toBeLessThan(1e-5);
    // Data that are N(0, ¼) become N(0, 1), nearly: exactly 2 for the flow itself.
    expect(Math.abs(encoded / 2 - 1)).toBeLessThan(n === 10 ? 0.4 : 0.07);
  });

  it('asks at the time that each step leads to, from the last of the grid to its first, and tells of each', () => {
    const asked: number[] = [];
    const seen: number[] = [];
    const x = tf.tensor2d([[0.3, 0.1]]);
    const before = tf.memory().numTensors;
    const grid = timestepGrid(4, 'trailing');
    const end = ddimInversion((at, t) => (asked.push(t.dataSync()[0]!), tf.clone(at)), process, grid, x, { refinements: 1, onStep: (index) => void seen.push(index) });
    expect(asked).toEqual([249, 249, 499, 499, 749, 749, 999, 999]);
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([x, end]);
  });

  it.each([-1, 0.5])('refuses %d refinements, and a grid that climbs', (refinements) => {
    tf.tidy(() => {
      expect(() => ddimInversion(denoiser, process, timestepGrid(4, 'trailing'), data(), { refinements })).toThrow(`refinements ${refinements} is not a whole number`);
      expect(() => ddimInversion(denoiser, process, [{ t: 3, tPrev: 5 }], data())).toThrow('from 3 to 5');
    });
  });
});
