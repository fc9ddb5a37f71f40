import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { freshNoise } from './linear-steps.js';
import { sameTime } from './same-time.js';
import { sampler } from './sampler.js';
import { ancestralCoefficients, eulerMaruyamaCoefficients, reverseDiffusionCoefficients } from './step-coefficients.js';
import { walk, type OdeOptions } from './walk.js';

/** Options of `predictorCorrector`. */
export interface PredictorCorrectorOptions extends OdeOptions {
  /** @default 'reverseDiffusion' */
  readonly predictor?: 'reverseDiffusion' | 'ancestral' | 'eulerMaruyama';
  /** M of the paper: steps of the corrector at each time. @default 1 */
  readonly correctorSteps?: number;
  /** r of the paper: the length of the corrector's noise times r is that of its drift. @default 0.16 */
  readonly snr?: number;
  /** Standard normal noise shaped like x for each step of the corrector and of the predictor, counted over all in the order that they are taken in. */
  readonly noise?: (index: number) => tf.Tensor;
}

const predictors = { reverseDiffusion: reverseDiffusionCoefficients, ancestral: (...args: Parameters<typeof reverseDiffusionCoefficients>) => ancestralCoefficients(...args, 'fixed_small'), eulerMaruyama: eulerMaruyamaCoefficients };

/** Length of each sample: [B, 1, …]. */
function lengths(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(1);
  return tf.sqrt(tf.sum(tf.square(x), axes, true));
}

/**
 * Predictor–corrector sampling (Song et al. 2021, algorithms 1 to 5) on any grid of any Gaussian process: at each time, M steps of Langevin dynamics, x ← x + ε·s + √2ε·z
 * with ε = 2·a·(r‖z‖/‖s‖)², then a step of the reverse SDE to the next time, as the authors' code has it; a = α_t²/α_s² for a step from t to s, which is 1 for VE. Lengths
 * are those of each sample: what becomes of one does not depend on the others of its batch.
 *
 * @throws LangevinError `invalid_argument` unless correctorSteps is a whole number of at least 0 and snr > 0, and for missing noise
 */
export const predictorCorrector = sampler<PredictorCorrectorOptions>((denoiser, process, grid, x, options) => {
  const { predictor = 'reverseDiffusion', correctorSteps = 1, snr = 0.16 } = options;
  if (!Number.isInteger(correctorSteps) || correctorSteps < 0) throw new LangevinError('invalid_argument', `correctorSteps ${correctorSteps} is not a whole number of at least 0`);
  if (!(snr > 0)) throw new LangevinError('invalid_argument', `snr ${snr} is not a positive number`);
  return walk(grid, x, (step, index, start) => {
    const { t, tPrev } = step;
    const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
    const time = sameTime(x, t);
    const scale = 2 * (alpha / process.alpha(tPrev)) ** 2;
    let current = start;
    for (let k = 0; k < correctorSteps; k++) {
      const score = tf.div(tf.sub(tf.mul(alpha, denoiser(current, time)), current), sigma * sigma);
      const noise = freshNoise(options, index * (correctorSteps + 1) + k);
      const size = tf.mul(scale, tf.square(tf.div(tf.mul(snr, lengths(noise)), lengths(score))));
      current = tf.add(tf.add(current, tf.mul(size, score)), tf.mul(tf.sqrt(tf.mul(2, size)), noise));
    }
    const c = predictors[predictor](process, step);
    const mean = tf.add(tf.mul(c.x0, denoiser(current, time)), tf.mul(c.x, current));
    return [c.noise === 0 ? mean : tf.add(mean, tf.mul(c.noise, freshNoise(options, index * (correctorSteps + 1) + correctorSteps)))];
  });
});
