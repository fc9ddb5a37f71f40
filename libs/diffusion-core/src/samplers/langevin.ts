import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { sameTime } from './same-time.js';
import { runToEnd, takeSteps, type OnStep } from './walk.js';

/** ∇ ln p(x) of each sample, or an unbiased estimate of it for this step, shaped like x: a new tensor. */
export type Score = (x: tf.Tensor, stepIndex: number) => tf.Tensor;

/** How Langevin dynamics walks. */
export interface LangevinOptions {
  /** How many steps, at least 0. */
  readonly steps: number;
  /** ε, the variance of a step's noise, > 0: of the order of the variance of the law or less; or that of each step. */
  readonly stepSize: number | ((stepIndex: number) => number);
  /** Standard normal noise shaped like x for each step. A tensor made inside is disposed of; one that existed before is left alone. */
  readonly noise: (stepIndex: number) => tf.Tensor;
  readonly onStep?: OnStep;
}

/**
 * Langevin dynamics: x ← x + ½ε·s(x) + √ε·z (Welling & Teh 2011, eq. 4; Song & Ermon 2019, eq. 4). Samples p as ε → 0 and steps grow. Without an acceptance
 * test its law is off by order ε: on N(0, v) the variance is v/(1 − ε/4v), where ε < 4v. A score that is estimated, with a variance V of its own, makes that
 * (v + ¼εvV)/(1 − ε/4v): stochastic gradient Langevin dynamics, whose steps have to become small (`decayingStepSize`).
 *
 * @param x [B, …] start; kept
 * @returns a new tensor shaped like x
 * @throws LangevinError `invalid_argument` unless steps is a whole number of at least 0 and each ε > 0
 */
export function langevin(score: Score, x: tf.Tensor, { steps, stepSize, noise, onStep }: LangevinOptions): tf.Tensor {
  if (!Number.isInteger(steps) || steps < 0) throw new LangevinError('invalid_argument', `steps ${steps} is not a whole number of at least 0`);
  const sizes = Array.from({ length: steps }, (_, index) => (typeof stepSize === 'number' ? stepSize : stepSize(index)));
  const wrong = sizes.find((size) => !(size > 0 && size < Number.POSITIVE_INFINITY));
  if (wrong !== undefined) throw new LangevinError('invalid_argument', `stepSize ${wrong} is not a positive number`);
  const chain = takeSteps(sizes, x, (size, index, current) => [tf.add(tf.add(current, tf.mul(size / 2, score(current, index))), tf.mul(Math.sqrt(size), noise(index)))]);
  return runToEnd(chain, onStep);
}

/**
 * Langevin dynamics on the law of a denoiser at one time t of its process, with the score (α·x̂₀ − x)/σ² (Song et al. 2021, algorithm 4: the corrector).
 *
 * With classifier guidance of scale γ in the denoiser the score is that of p_t(x)·p_t(y | x)^γ, which is what it samples: at a small t, the
 * tempered posterior p(x)·p(y | x)^γ itself. Reverse diffusion with the same denoiser samples that for γ = 1 only (Bradley & Nakkiran 2024).
 *
 * @param t a time at which σ > 0
 * @param x [B, …] start; kept
 * @returns a new tensor shaped like x
 * @throws LangevinError `invalid_argument` where σ is 0, and as `langevin`
 */
export function langevinCorrector(denoiser: Denoiser, process: GaussianProcess, t: number, x: tf.Tensor, options: LangevinOptions): tf.Tensor {
  const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
  if (sigma === 0) throw new LangevinError('invalid_argument', `at time ${t} data are clean, and the score of clean data is not known: choose a time with some noise`);
  return langevin((at) => tf.div(tf.sub(tf.mul(alpha, denoiser(at, sameTime(at, t))), at), sigma * sigma), x, options);
}
