import * as tf from '@tensorflow/tfjs-core';
import type { GuidanceScale } from '../guidance/classifier-free.js';
import type { DiscreteDenoiser } from './discrete-denoiser.js';

/**
 * Classifier-free guidance of log-probabilities (Tang et al. 2022, eq. 7): ln p ∝ uncond + s·(cond − uncond). s = 0 is unconditional, s = 1 conditional. A state that either side rules out
 * stays ruled out.
 */
export function discreteClassifierFree(conditional: DiscreteDenoiser, unconditional: DiscreteDenoiser, guidanceScale: GuidanceScale): DiscreteDenoiser {
  if (guidanceScale === 1) return conditional;
  if (guidanceScale === 0) return unconditional;
  return (x, t) =>
    tf.tidy(() => {
      const [c, u] = [conditional(x, t), unconditional(x, t)];
      const impossible = tf.scalar(Number.NEGATIVE_INFINITY);
      const possible = tf.logicalAnd(tf.greater(c, impossible), tf.greater(u, impossible));
      return tf.logSoftmax(tf.where(possible, tf.add(u, tf.mul(guidanceScale, tf.sub(c, u))), impossible));
    });
}
