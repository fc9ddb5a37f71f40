import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { ddim } from '../samplers/ddim.js';
import { timestepGrid } from '../samplers/timestep-grid.js';
import { classifierFree, classifierFreeBatched, type LabelledDenoiser } from './classifier-free.js';
import { staticThreshold } from './static-threshold.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const [conditional, unconditional] = [1.5, -0.5].map((mean) => gaussianDenoiser(process, { mean, variance: 0.25 }));
const points = () => tf.tensor2d([[-2], [0.3], [1.7]]);
const times = () => tf.tensor1d([20, 400, 900]);

describe('classifierFree', () => {
  it.each([0, 1, 2, 3.5, -1])('at s = %d is the exact denoiser of N(m₀ + s·(m₁ − m₀), v) when both halves are N(m, v)', (s) =>
    tf.tidy(() => {
      // Equal variances make both scores linear with one slope, so that the mixed score is again a Gaussian's, at every t.
      const guided = classifierFree(conditional!, unconditional!, s)(points(), times()).dataSync();
      const exact = gaussianDenoiser(process, { mean: -0.5 + 2 * s, variance: 0.25 })(points(), times()).dataSync();
      guided.forEach((value, i) => expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-5));
    }),
  );

  it('sampled with DDIM centres where the closed form says: from x_T = α_T·m it ends at m = m₀ + s·(m₁ − m₀)', () =>
    tf.tidy(() => {
      const s = 3;
      const centre = -0.5 + 2 * s;
      const start = tf.tensor2d([[process.alpha(980) * centre]]);
      const end = ddim(classifierFree(conditional!, unconditional!, s), process, timestepGrid(50, 'leading'), start);
      expect(Math.abs(end.dataSync()[0]! - centre)).toBeLessThan(1e-4);
    }));

  it('sharpens a mixture: ½N(−1, v) + ½N(1, v) guided to its right half is x̂₀ = c + s-weighted tanh, in closed form', () =>
    tf.tidy(() => {
      const [s, variance] = [2.5, 0.04];
      const both = [-1, 1].map((mean) => ({ weight: 0.5, mean: [mean], variance }));
      const right = gaussianDenoiser(process, { mean: 1, variance });
      const guided = classifierFree(right, mixtureDenoiser(process, both), s)(points(), times()).dataSync();
      [-2, 0.3, 1.7].forEach((x, i) => {
        const t = [20, 400, 900][i]!;
        const [alpha, total] = [process.alpha(t), process.alpha(t) ** 2 * variance + process.sigma(t) ** 2];
        const gain = (alpha * variance) / total;
        // r₊ − r₋ = tanh(αx/total); every component has x̂₀ = ±(1 − αgain) + gain·x.
        const spread = 1 - alpha * gain;
        const mixture = gain * x + spread * Math.tanh((alpha * x) / total);
        const expected = mixture + s * (gain * x + spread - mixture);
        expect(Math.abs(guided[i]! - expected)).toBeLessThan(2e-5);
      });
    }));

  it('is the denoiser that counts at s = 0 and s = 1, so that the other is not called', () => {
    expect(classifierFree(conditional!, unconditional!, 0)).toBe(unconditional);
    expect(classifierFree(conditional!, unconditional!, 1)).toBe(conditional);
  });

  it('relates to the w of Ho & Salimans by s = 1 + w', () =>
    tf.tidy(() => {
      const w = 1.8;
      const [c, u] = [conditional!, unconditional!].map((denoiser) => denoiser(points(), times()));
      const paper = tf.sub(tf.mul(1 + w, c!), tf.mul(w, u!)).dataSync();
      classifierFree(
        conditional!,
        unconditional!,
        1 + w,
      )(points(), times())
        .dataSync()
        .forEach((value, i) => expect(Math.abs(value - paper[i]!)).toBeLessThan(1e-5));
    }));
});

describe('classifierFreeBatched', () => {
  const nullLabel = 2;
  /** Label k means data N(2k, ¼); the null label means N(0, 1). Counts its calls. */
  const network = () => {
    const calls: number[][] = [];
    const denoiser: LabelledDenoiser = (x, t, labels) =>
      tf.tidy(() => {
        calls.push([...labels.dataSync()]);
        const means = tf.reshape(tf.gather(tf.tensor1d([0, 2, 0]), labels), [-1, 1]);
        return tf.add(tf.mul(0.5, x), tf.mul(means, tf.reshape(tf.div(t, 1000), [-1, 1])));
      });
    return { calls, denoiser };
  };

  it('calls the network once with both halves and gives what two calls give', () =>
    tf.tidy(() => {
      const { calls, denoiser } = network();
      const labels = tf.tensor1d([1, 0, 1], 'int32');
      const nulls = tf.tensor1d([2, 2, 2], 'int32');
      const batched = classifierFreeBatched(denoiser, labels, nullLabel, 2)(points(), times()).dataSync();
      expect(calls).toEqual([[1, 0, 1, 2, 2, 2]]);
      const separate = classifierFree(
        (x, t) => denoiser(x, t, labels),
        (x, t) => denoiser(x, t, nulls),
        2,
      )(points(), times());
      expect([...batched]).toEqual([...separate.dataSync()]);
    }));

  it.each([
    [1, [1, 0, 1]],
    [0, [2, 2, 2]],
  ])('at s = %d asks only for the half that counts', (s, expected) =>
    tf.tidy(() => {
      const { calls, denoiser } = network();
      classifierFreeBatched(denoiser, tf.tensor1d([1, 0, 1], 'int32'), nullLabel, s)(points(), times());
      expect(calls).toEqual([expected]);
    }),
  );

  it('leaves only its result behind', () => {
    const [x, t, labels] = [points(), times(), tf.tensor1d([1, 0, 1], 'int32')];
    const before = tf.memory().numTensors;
    const result = staticThreshold(1)(classifierFreeBatched(network().denoiser, labels, nullLabel, 2))(x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([x, t, labels, result]);
  });
});

describe('staticThreshold', () => {
  it('clips the estimate, and its place decides what is clipped', () =>
    tf.tidy(() => {
      const outside = staticThreshold(1)(classifierFree(conditional!, unconditional!, 4))(points(), times()).dataSync();
      expect(Math.max(...outside)).toBe(1);
      const clip = staticThreshold(1);
      const inside = classifierFree(clip(conditional!), clip(unconditional!), 4)(points(), times()).dataSync();
      expect(Math.max(...inside)).toBeGreaterThan(1);
    }));

  it.each([0, -1, Number.NaN])('refuses the limit %s', (limit) => {
    expect(() => staticThreshold(limit)).toThrow(`must be positive, got ${limit}`);
  });
});
