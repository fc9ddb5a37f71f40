import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { sameTime } from '../samplers/same-time.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { endsOf } from './chain-grid.js';
import { logNormal } from './flow-log-likelihood.js';
import type { TracedDenoiser } from './jacobian-trace.js';

/** What the flow says of a batch. */
export interface GridFlowLogLikelihood {
  /** ln p(x) of each sample in nats. */
  readonly logLikelihood: Float64Array;
  /** Where the flow takes each sample: shaped like x. */
  readonly latent: tf.Tensor;
  readonly evaluations: number;
}

/**
 * ln p(x) under the law that the probability flow of a denoiser draws from, as `flowLogLikelihood`, by the method of Runge and Kutta of fourth order on an
 * explicit grid, which is walked from its end to its beginning. Of y = x/α over λ the flow is dy/dλ = −½·(y − x̂₀), and
 * ln p(x) = ln prior(x_T) + D·ln(σ_T/σ) + ½∫ α·tr(∂x̂₀/∂x) dλ, so that nothing is divided by a small σ. The denoiser is asked at both ends of each step
 * and once or twice in the middle, (t + tPrev)/2, where the process has to be known: with even steps networks are told whole times alone.
 *
 * @param x [B, …] data at the last time of the grid; kept
 * @returns a new tensor for the latent
 * @throws LangevinError `invalid_argument` as `endsOf`, and for a time that the process does not know
 */
export function gridFlowLogLikelihood(denoiser: TracedDenoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor): GridFlowLogLikelihood {
  const [first, last] = endsOf(grid);
  const integral = new Float64Array(x.shape[0] ?? 1);
  /** dy/du where λ changes by `slope` along u, and what the sample's integral grows by, counted `weight` times. */
  const slopeAt = (y: tf.Tensor, t: number, slope: number, weight: number): tf.Tensor => {
    const alpha = process.alpha(t);
    const { x0, trace } = denoiser(tf.mul(alpha, y), sameTime(y, t));
    trace.dataSync<'float32'>().forEach((value, i) => (integral[i]! += (weight * slope * alpha * value) / 2));
    return tf.mul(-slope / 2, tf.sub(y, x0));
  };
  let y: tf.Tensor = tf.div(x, process.alpha(last));
  for (const { t, tPrev } of [...grid].reverse()) {
    const before = y;
    y = tf.tidy(() => {
      const middle = (t + tPrev) / 2;
      const [a, b, c] = [process.logSnr(tPrev), process.logSnr(middle), process.logSnr(t)];
      // u runs from 0 at tPrev to 1 at t, λ along the parabola through the three.
      const k1 = slopeAt(before, tPrev, 4 * b - 3 * a - c, 1 / 6);
      const k2 = slopeAt(tf.add(before, tf.mul(0.5, k1)), middle, c - a, 1 / 3);
      const k3 = slopeAt(tf.add(before, tf.mul(0.5, k2)), middle, c - a, 1 / 3);
      const k4 = slopeAt(tf.add(before, k3), t, a - 4 * b + 3 * c, 1 / 6);
      return tf.add(before, tf.div(tf.add(tf.add(k1, k4), tf.mul(2, tf.add(k2, k3))), 6));
    });
    before.dispose();
  }
  const latent = tf.tidy(() => tf.mul(process.alpha(first), y));
  const constant = (x.size / integral.length) * Math.log(process.sigma(first) / process.sigma(last));
  const prior = tf.tidy(() => logNormal(latent, process.prior.standardDeviation).dataSync<'float32'>());
  y.dispose();
  return { logLikelihood: integral.map((value, i) => value + constant + prior[i]!), latent, evaluations: 4 * grid.length };
}
