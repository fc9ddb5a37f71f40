import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { ancestralCoefficients } from '../samplers/step-coefficients.js';
import { freshNoise, type SamplerOptions } from '../samplers/linear-steps.js';
import { sampler } from '../samplers/sampler.js';
import { sameTime } from '../samplers/same-time.js';
import { checkGrid, takeSteps } from '../samplers/walk.js';
import { LangevinError } from '@langevin/contracts';
import { repaintMoves, type RepaintSchedule } from './repaint-moves.js';

/** What is known, and how often to go back. */
export interface RepaintOptions extends RepaintSchedule, Pick<SamplerOptions, 'onStep' | 'noise'> {
  /** Images of which the pixels under the mask count; shaped like x, kept. */
  readonly known: tf.Tensor;
  /** 1 where pixels are known, 0 where they are to be drawn; broadcast to x, kept. */
  readonly mask: tf.Tensor;
}

/**
 * Inpainting by RePaint (Lugmayr et al. 2022, algorithm 1) with ancestral steps: after each step the known pixels are those of `known`, noised to the time that the step
 * led to, so that known and drawn pixels have one noise level; and it goes back again and again, so that the two come to agree. With `resamples: 1` it is replacement (Song et al.
 * 2021, appendix I.2), whose drawn pixels see the known ones at each step but do not answer each other: it is biased towards what is drawn without knowing anything.
 * Noise is asked for by the number of the move; at clean data the known pixels come out as they are.
 *
 * @throws LangevinError `invalid_argument` for missing noise, and as `repaintMoves`
 */
export const repaint = sampler<RepaintOptions>((denoiser, process, grid, x, options) => {
  const { known, mask } = options;
  if (known === undefined || mask === undefined) throw new LangevinError('invalid_argument', 'repaint needs the known pixels and their mask');
  checkGrid(grid);
  const times = [...grid.map(({ t }) => t), ...grid.slice(-1).map(({ tPrev }) => tPrev)];
  return takeSteps(repaintMoves(grid.length, options), x, ({ from, to }, index, current) => {
    const [t, s] = [times[from]!, times[to]!];
    // Two draws a move: of the image, and of the known pixels.
    if (to < from) return [forwardStep(process, current, { t, s }, freshNoise(options, 2 * index))];
    const c = ancestralCoefficients(process, { t, tPrev: s }, 'fixed_small');
    const mean = tf.add(tf.mul(c.x0, denoiser(current, sameTime(x, t))), tf.mul(c.x, current));
    const drawn = c.noise === 0 ? mean : tf.add(mean, tf.mul(c.noise, freshNoise(options, 2 * index)));
    const sigma = process.sigma(s);
    const kept = sigma === 0 ? known : tf.add(tf.mul(process.alpha(s), known), tf.mul(sigma, freshNoise(options, 2 * index + 1)));
    return [tf.add(tf.mul(mask, kept), tf.mul(tf.sub(1, mask), drawn))];
  });
});

/** x_s of x_t with s noisier than t: q(x_s | x_t). */
function forwardStep(process: GaussianProcess, x: tf.Tensor, { t, s }: { readonly t: number; readonly s: number }, noise: tf.Tensor): tf.Tensor {
  const ratio = process.alpha(s) / process.alpha(t);
  const variance = process.sigma(s) * process.sigma(s) - ratio * ratio * process.sigma(t) * process.sigma(t);
  return tf.add(tf.mul(ratio, x), tf.mul(Math.sqrt(variance), noise));
}
