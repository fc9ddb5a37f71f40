import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Guidance } from './guidance.js';

/**
 * Clips x̂₀ to [−limit, limit] (Saharia et al. 2022, §2.3, "static thresholding"). Around `classifierFree` it clips the
 * guided estimate; inside, each half. Under guidance it can cost much of the agreement with the label.
 *
 * @throws LangevinError `invalid_argument` unless limit is positive
 */
export function staticThreshold(limit: number): Guidance {
  if (!(limit > 0)) throw new LangevinError('invalid_argument', `the limit of a static threshold must be positive, got ${limit}`);
  return (denoiser) => (x, t) => tf.tidy(() => tf.clipByValue(denoiser(x, t), -limit, limit));
}
