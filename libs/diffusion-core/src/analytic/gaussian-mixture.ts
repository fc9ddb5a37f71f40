import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';

/** One component of a mixture of isotropic Gaussians in D dimensions. */
export interface MixtureComponent {
  /** Positive; weights are divided by their sum. */
  readonly weight: number;
  /** D numbers. */
  readonly mean: readonly number[];
  /** Variance in every direction, at least 0. */
  readonly variance: number;
}

function checkComponents(components: readonly MixtureComponent[]): void {
  const dimensions = components[0]?.mean.length;
  if (dimensions === undefined) throw new LangevinError('invalid_argument', 'a mixture needs at least one component');
  components.forEach(({ weight, mean, variance }, i) => {
    if (!(weight > 0) || !(variance >= 0) || mean.length !== dimensions) {
      throw new LangevinError(
        'invalid_argument',
        `component ${i}: needs weight > 0, variance ≥ 0 and a mean of ${dimensions} numbers; got ${weight}, ${variance} and ${mean.length}`,
      );
    }
  });
}

/** Marginal of one component at time t: ln(weight·density) up to a common constant, and its own E[x₀ | x]. */
function componentAt(component: MixtureComponent, flat: tf.Tensor, alpha: tf.Tensor, sigma: tf.Tensor) {
  const mean = tf.tensor1d([...component.mean]);
  const variance = tf.add(tf.mul(tf.square(alpha), component.variance), tf.square(sigma));
  const offset = tf.sub(flat, tf.mul(alpha, mean));
  const distance = tf.div(tf.sum(tf.square(offset), 1, true), tf.mul(2, variance));
  const logDensity = tf.sub(tf.mul(-component.mean.length / 2, tf.log(variance)), distance);
  const gain = tf.div(tf.mul(alpha, component.variance), variance);
  return { logit: tf.add(Math.log(component.weight), logDensity), x0: tf.add(mean, tf.mul(gain, offset)) };
}

/**
 * The exact denoiser of a Gaussian mixture, for x of any shape [B, …] with D elements a sample:
 * E[x₀ | x] = Σₖ rₖ(x)·E[x₀ | x, k], where rₖ is the posterior probability of component k at time t.
 *
 * @throws LangevinError `invalid_argument` for an empty mixture, a weight that is not positive or means of unequal length
 */
export function mixtureDenoiser(process: GaussianProcess, components: readonly MixtureComponent[]): Denoiser {
  checkComponents(components);
  return (x, t) =>
    tf.tidy(() => {
      const flat = tf.reshape(x, [x.shape[0] ?? 1, -1]);
      const { alpha, sigma } = marginalCoefficients(process, t, 2);
      const parts = components.map((component) => componentAt(component, flat, alpha, sigma));
      const responsibilities = tf.softmax(
        tf.concat(
          parts.map((part) => part.logit),
          1,
        ),
      );
      const x0s = tf.stack(
        parts.map((part) => part.x0),
        1,
      );
      return tf.reshape(tf.sum(tf.mul(tf.expandDims(responsibilities, 2), x0s), 1), x.shape);
    });
}
