import * as tf from '@tensorflow/tfjs-core';
import type { CategoricalProcess } from './categorical-process.js';
import { logLikelihoodOfStates } from './log-likelihood-of-states.js';
import { certainty, pushForward } from './log-marginal.js';
import { transitionLogs, type DiscreteTimes } from './transition-logs.js';

/**
 * ln p(x_s | x_t) = ln Σᵢ q(x_s | x_t, x₀ = i)·p(x₀ = i | x_t) for any s < t, from what a denoiser says of x₀ (Hoogeboom et al. 2021, eq. 15; Gu et al.
 * 2022, eq. 11): [B, …, numStates], a new tensor. Differentiable in logX0, once.
 *
 * By Bayes each term is q(x_t | x_s)·q(x_s | x₀)/q(x_t | x₀), so that with wᵢ ∝ p(x₀ = i | x_t)/q(x_t | x₀ = i) the sum is q(x_t | x_s)·(ᾱ_s·w + β̄_s): no
 * K×K matrix. What can never have become x_t (q = 0) counts for nothing, whatever the denoiser gives it; a position of an absorbing process that shows its
 * state keeps it. Where nothing else is left either, the result is NaN.
 *
 * @param logX0 [B, …, K] ln p(x₀ | x_t); −∞ is allowed
 * @param xt [B, …] int32 states
 */
export function reverseLogProbabilities(process: CategoricalProcess, logX0: tf.Tensor, xt: tf.Tensor, times: DiscreteTimes): tf.Tensor {
  return tf.tidy(() => {
    const until = transitionLogs(process, times, logX0.rank, ({ t }) => process.transition(-1, t));
    const before = transitionLogs(process, times, logX0.rank, ({ tPrev }) => process.transition(-1, tPrev));
    const jump = transitionLogs(process, times, logX0.rank, ({ t, tPrev }) => process.transition(tPrev, t));
    const evidence = logLikelihoodOfStates(process, xt, until);
    const impossible = tf.scalar(Number.NEGATIVE_INFINITY);
    const weights = tf.logSoftmax(tf.where(tf.greater(evidence, impossible), tf.sub(logX0, evidence), impossible));
    const joint = tf.add(pushForward(process, weights, before), likelihoodWithMask(process, xt, logLikelihoodOfStates(process, xt, jump)));
    return tf.logSoftmax(joint);
  });
}

/** With a column for x_s = mask: it is still the mask at t. */
function likelihoodWithMask(process: CategoricalProcess, xt: tf.Tensor, ofData: tf.Tensor): tf.Tensor {
  if (process.maskState === undefined) return ofData;
  const ofMask = tf.where(tf.equal(tf.expandDims(xt, -1), process.maskState), tf.scalar(0), tf.scalar(Number.NEGATIVE_INFINITY));
  return tf.concat([ofData, ofMask], -1);
}

/**
 * ln q(x_s | x_t, x₀), the posterior of the forward process (Austin et al. 2021, eq. 3): [B, …, numStates], a new tensor.
 *
 * @param x0 [B, …] int32 data states
 * @param xt [B, …] int32 states that x₀ can have become
 */
export function logPosterior(process: CategoricalProcess, x0: tf.Tensor, xt: tf.Tensor, times: DiscreteTimes): tf.Tensor {
  return tf.tidy(() => reverseLogProbabilities(process, certainty(x0, process.numClasses), xt, times));
}

/** ln q(x_t | x₀) of each sample at its time, [B, …, numStates]: a new tensor. Of a jump, at its later end. */
export function logMarginal(process: CategoricalProcess, x0: tf.Tensor, times: DiscreteTimes): tf.Tensor {
  return tf.tidy(() => pushForward(process, certainty(x0, process.numClasses), transitionLogs(process, times, x0.rank + 1, ({ t }) => process.transition(-1, t))));
}
