import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';

/**
 * Guidance scale s of Imagen and diffusers: ŷ = uncond + s·(cond − uncond). s = 0 is unconditional, s = 1 conditional,
 * larger s exaggerates the condition. The w of Ho & Salimans (2022), ŷ = (1 + w)·cond − w·uncond, is s − 1.
 */
export type GuidanceScale = number;

/** A denoiser that is also told a label for each sample; labels is [B] int32, kept. */
export type LabelledDenoiser = (x: tf.Tensor, t: tf.Tensor1D, labels: tf.Tensor1D) => tf.Tensor;

function guided(conditional: tf.Tensor, unconditional: tf.Tensor, guidanceScale: GuidanceScale): tf.Tensor {
  return tf.add(unconditional, tf.mul(guidanceScale, tf.sub(conditional, unconditional)));
}

/**
 * Classifier-free guidance (Ho & Salimans 2022, eq. 6) on x̂₀. x̂₀, ε, v and the score are affine in each other at a given
 * (x, t) and the two factors add up to 1, so that mixing any of them is the same thing. Denoiser in, denoiser out; at
 * s = 0 or 1 only the denoiser that counts is called.
 */
export function classifierFree(conditional: Denoiser, unconditional: Denoiser, guidanceScale: GuidanceScale): Denoiser {
  if (guidanceScale === 1) return conditional;
  if (guidanceScale === 0) return unconditional;
  return (x, t) => tf.tidy(() => guided(conditional(x, t), unconditional(x, t), guidanceScale));
}

/**
 * `classifierFree` for one network that knows a null label: both halves in one call of batch 2B, conditional half first.
 *
 * @param labels [B] int32: what is asked of each sample; kept, and must outlive the returned denoiser
 * @param nullLabel label that stands for "none", as in training
 */
export function classifierFreeBatched(
  denoiser: LabelledDenoiser,
  labels: tf.Tensor1D,
  nullLabel: number,
  guidanceScale: GuidanceScale,
): Denoiser {
  if (guidanceScale === 1) return (x, t) => denoiser(x, t, labels);
  return (x, t) =>
    tf.tidy(() => {
      const nulls: tf.Tensor1D = tf.fill([labels.shape[0]], nullLabel, 'int32');
      if (guidanceScale === 0) return denoiser(x, t, nulls);
      const both = denoiser(tf.concat([x, x]), tf.concat([t, t]), tf.concat([labels, nulls]));
      const [conditional, unconditional] = tf.split(both, 2);
      // split(…, 2) gives two tensors; the types say "some".
      return guided(conditional!, unconditional!, guidanceScale);
    });
}
