import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Score } from './langevin.js';

/** The score −∇U of the law p ∝ e^{−U} of an energy U, which has to be differentiable: one number a sample, [B]. For `langevin`. */
export function energyScore(energy: (x: tf.Tensor, stepIndex: number) => tf.Tensor): Score {
  return (x, stepIndex) => tf.tidy(() => tf.neg(tf.grad((at) => tf.sum(energy(at, stepIndex)))(x)));
}

/** Numbers of `decayingStepSize`. */
export interface DecayingStepSize {
  /** a > 0. */
  readonly a: number;
  /** b > 0: about how many steps pass before they become shorter. @default 1 */
  readonly b?: number;
  /** γ, above ½ and at most 1. @default 0.55 */
  readonly gamma?: number;
}

/**
 * ε_t = a·(b + t)^−γ, the steps of stochastic gradient Langevin dynamics (Welling & Teh 2011, §2): Σε is infinite and Σε² is not, so that noise of the gradients
 * vanishes beside that of the dynamics and the law of the chain comes to p. For `langevin`.
 *
 * @throws LangevinError `invalid_argument` unless a > 0, b > 0 and ½ < γ ≤ 1
 */
export function decayingStepSize({ a, b = 1, gamma = 0.55 }: DecayingStepSize): (stepIndex: number) => number {
  if (!(a > 0 && b > 0 && gamma > 0.5 && gamma <= 1)) throw new LangevinError('invalid_argument', `decaying steps need a > 0, b > 0 and ½ < gamma ≤ 1, got ${a}, ${b} and ${gamma}`);
  return (stepIndex) => a * (b + stepIndex) ** -gamma;
}
