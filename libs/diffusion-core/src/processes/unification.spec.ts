import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import { rk45 } from '../likelihood/rk45.js';
import { cosineProcess } from './cosine-process.js';
import { edmProcess } from './edm-process.js';
import type { GaussianProcess } from './gaussian-process.js';
import { subVpProcess } from './sub-vp-process.js';
import { timeOfLogSnr } from './time-of-log-snr.js';
import { veProcess } from './ve-process.js';
import { vpProcess } from './vp-process.js';

const parts = [
  { weight: 0.3, mean: [-1], variance: 0.04 },
  { weight: 0.7, mean: [0.8], variance: 0.2 },
];

/** x/α at these values of σ/α, one after the other, along the probability flow dx/dt = f·x − ½g²·score, from x/α = start at the first one. */
function pathOf(process: GaussianProcess, start: number, ratios: readonly number[]): number[] {
  return tf.tidy(() => {
    const denoiser = mixtureDenoiser(process, parts);
    const flow = (t: number, [x]: readonly tf.Tensor[]): tf.Tensor[] => {
      const [alpha, sigma2, g2] = [process.alpha(t), process.sigma(t) ** 2, process.diffusion2(t)];
      const score = tf.div(tf.sub(tf.mul(alpha, denoiser(x!, tf.tensor1d([t]))), x!), sigma2);
      return [tf.sub(tf.mul(process.drift(t), x!), tf.mul(g2 / 2, score))];
    };
    const times = ratios.map((ratio) => timeOfLogSnr(process, -2 * Math.log(ratio)));
    let x: tf.Tensor = tf.tensor2d([[start * process.alpha(times[0]!)]]);
    return times.slice(1).map((t, i) => {
      x = rk45(flow, [times[i]!, t], [x], { rtol: 1e-6, atol: 1e-7 }).y[0]!;
      return x.dataSync()[0]! / process.alpha(t);
    });
  });
}

describe('the probability flow', () => {
  const ratios = [8, 2, 0.7, 0.2, 0.05];

  it.each([5, -1.3, -9])('takes x/α along one and the same path over σ/α, whichever the process: from %d', (start) => {
    const expected = pathOf(edmProcess(), start, ratios);
    const others: [string, GaussianProcess][] = [
      ['vp', vpProcess()],
      ['vp, another β', vpProcess({ betaMin: 0.5, betaMax: 12 })],
      ['sub-vp', subVpProcess()],
      ['ve', veProcess()],
      ['cosine', cosineProcess()],
    ];
    for (const [name, process] of others) {
      const path = pathOf(process, start, ratios);
      path.forEach((x, i) => expect({ name, i, close: Math.abs(x - expected[i]!) < 5e-4 }).toEqual({ name, i, close: true }));
    }
  });
});
