import * as tf from '@tensorflow/tfjs-core';
import { jacobianTrace, sumPerSample } from '../likelihood/jacobian-trace.js';
import type { LossSums } from './simple-loss.js';

/**
 * A model of ∇ ln p(x): shaped like x [B, …], samples apart. Implicit and sliced score matching differentiate it by x and by its parameters: everything in it
 * has to have a second derivative. tfjs has wrong ones for x·sigmoid(x), without a word, and none for others: `silu` of `nn` is right.
 */
export type ScoreFunction = (x: tf.Tensor) => tf.Tensor;

/** Σᵢ wᵢ·lossᵢ and Σᵢ wᵢ. */
function sums(losses: tf.Tensor1D, weights: tf.Tensor1D): LossSums {
  return { lossSum: tf.sum<tf.Scalar>(tf.mul(weights, losses)), weightSum: tf.sum<tf.Scalar>(weights) };
}

const half = (squares: tf.Tensor): tf.Tensor1D => tf.mul(0.5, sumPerSample(tf.square(squares)));

/**
 * Denoising score matching as sums: lossᵢ = ½‖s(x + σε) + ε/σ‖² over the elements of sample i (Vincent 2011, eq. 11–12), least for the score of the data
 * with the noise. Two new scalars; differentiable.
 *
 * @param x [B, …] data; kept
 * @param eps standard normal, shaped like x; kept
 * @param weights [B], at least 0
 */
export function denoisingScoreMatching(score: ScoreFunction, x: tf.Tensor, eps: tf.Tensor, sigma: number, weights: tf.Tensor1D): LossSums {
  return tf.tidy(() => {
    const { lossSum, weightSum } = sums(half(tf.add(score(tf.add(x, tf.mul(sigma, eps))), tf.div(eps, sigma))), weights);
    return { lossSum, weightSum };
  });
}

/**
 * Implicit score matching as sums: lossᵢ = ½‖s(x)‖² + tr ∂s/∂x (Hyvärinen 2005, eq. 4), which is ½‖s − ∇ ln p‖² up to a number on average, without ∇ ln p. As many
 * gradients as a sample has elements. Two new scalars; differentiable by what the score is made of.
 *
 * @param x [B, …] data; kept
 * @param weights [B], at least 0
 */
export function implicitScoreMatching(score: ScoreFunction, x: tf.Tensor, weights: tf.Tensor1D): LossSums {
  return tf.tidy(() => {
    const { lossSum, weightSum } = sums(tf.add(half(score(x)), jacobianTrace(score, x, 'exact')), weights);
    return { lossSum, weightSum };
  });
}

/** How `slicedScoreMatching` is computed. */
export interface SlicedOptions {
  /** ½‖s‖² in the place of ½(vᵀs)², its mean over v: less noise, for v of unit variance (Song et al. 2019, eq. 9). @default true */
  readonly varianceReduced?: boolean;
}

/**
 * Sliced score matching as sums: lossᵢ = vᵀ(∂s/∂x)v + ½(vᵀs)², or with ½‖s‖² (Song et al. 2019, eq. 8 and 9). On average over v, with mean 0 and unit
 * covariance, that of implicit score matching, by one gradient. Two new scalars; differentiable by what the score is made of.
 *
 * @param x [B, …] data; kept
 * @param probe v, shaped like x; kept
 * @param weights [B], at least 0
 */
export function slicedScoreMatching(score: ScoreFunction, x: tf.Tensor, probe: tf.Tensor, weights: tf.Tensor1D, { varianceReduced = true }: SlicedOptions = {}): LossSums {
  return tf.tidy(() => {
    const s = score(x);
    const square = varianceReduced ? half(s) : tf.mul(0.5, tf.square(sumPerSample(tf.mul(probe, s))));
    const { lossSum, weightSum } = sums(tf.add(square, jacobianTrace(score, x, probe)), weights);
    return { lossSum, weightSum };
  });
}
