import * as tf from '@tensorflow/tfjs-core';
import type { CategoricalProcess } from './categorical-process.js';
import { certainty } from './log-marginal.js';
import { logMarginal, logPosterior, reverseLogProbabilities } from './reverse-log-probabilities.js';
import type { DiscreteTimes } from './transition-logs.js';

/** Σ p·(ln p − ln q) over the last axis, where 0·ln 0 is 0, and then over all others but the first: [B]. */
function divergence(logP: tf.Tensor, logQ: tf.Tensor): tf.Tensor1D {
  const possible = tf.greater(logP, tf.scalar(Number.NEGATIVE_INFINITY));
  const zeros = tf.zerosLike(logP);
  const terms = tf.mul(tf.exp(logP), tf.sub(tf.where(possible, logP, zeros), tf.where(possible, logQ, zeros)));
  return tf.sum<tf.Tensor1D>(tf.reshape(terms, [logP.shape[0]!, -1]), 1);
}

/** What the loss of a discrete denoiser is made of. */
export interface DiscreteLossInputs {
  /** [B, …, K] ln p(x₀ | x_t); the gradient goes through it. */
  readonly logX0: tf.Tensor;
  /** [B, …] int32 data; kept. */
  readonly x0: tf.Tensor;
  /** [B, …] int32 states at t; kept. */
  readonly xt: tf.Tensor;
  readonly times: DiscreteTimes;
}

/**
 * L_s of each sample in nats: KL(q(x_s | x_t, x₀) ‖ p(x_s | x_t)), which for the step to clean data is −ln p(x₀ | x_t) (Austin et al. 2021, eq. 1; Sohl-Dickstein et al. 2015, eq. 14):
 * [B], a new tensor, differentiable in logX0 once.
 */
export function discreteTerm(process: CategoricalProcess, { logX0, x0, xt, times }: DiscreteLossInputs): tf.Tensor1D {
  return tf.tidy(() => divergence(logPosterior(process, x0, xt, times), reverseLogProbabilities(process, logX0, xt, times)));
}

/** The term of the last time, KL(q(x_T | x₀) ‖ prior), of each sample in nats: [B]. */
export function discretePriorTerm(process: CategoricalProcess, x0: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => divergence(logMarginal(process, x0, { t: process.numTrainTimesteps - 1, tPrev: -1 }), tf.tensor1d(Array.from(process.prior, Math.log))));
}

/**
 * −ln p(x₀ | x_t) of each sample in nats, the auxiliary loss that holds a denoiser to the data at every time (Austin et al. 2021, eq. 5, with λ = 0.001; Gu et al. 2022, eq. 9): [B].
 */
export function discreteCrossEntropy(process: CategoricalProcess, { logX0, x0 }: Pick<DiscreteLossInputs, 'logX0' | 'x0'>): tf.Tensor1D {
  return tf.tidy(() => divergence(certainty(x0, process.numClasses), logX0));
}
