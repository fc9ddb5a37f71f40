import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { weightedSum } from './flow-step.js';
import { halfLogSnr } from './noise-ratio.js';
import type { GridStep } from './timestep-grid.js';

/**
 * Which equation a solver of the DPM family holds to be slow, and whether it adds noise: x̂₀ along the flow (`data`, DPM-Solver++), ε̂ along the flow (`noise`,
 * DPM-Solver), x̂₀ along the reverse SDE (`sde`, SDE-DPM-Solver++).
 */
export type SolverForm = 'data' | 'noise' | 'sde';

/** A step in numbers: x_s = x·x_t − scale·∫₀ʰ′ e^{h′−u}·model du + noise·z, where the model is x̂₀ or ε̂. */
export interface ExponentialStep {
  /** Factor of x_t. */
  readonly x: number;
  /** α_s, or σ_s for `noise`. */
  readonly scale: number;
  /** h′: −h, h or −2h, with h = λ_s − λ_t. */
  readonly length: number;
  /** Standard deviation of the noise. */
  readonly noise: number;
}

/**
 * The exact part of a step from t to tPrev (Lu et al. 2022a, eq. 3.4; 2022b, eq. 8; of the SDE by the same variation of constants). For `data` and `sde` tPrev may be clean.
 */
export function exponentialStep(form: SolverForm, process: GaussianProcess, { t, tPrev }: GridStep): ExponentialStep {
  const h = halfLogSnr(process, tPrev) - halfLogSnr(process, t);
  const [alpha, sigma] = [process.alpha(tPrev), process.sigma(tPrev)];
  const shrink = sigma / process.sigma(t);
  switch (form) {
    case 'data':
      return { x: shrink, scale: alpha, length: -h, noise: 0 };
    case 'noise':
      return { x: shrink * Math.exp(h), scale: sigma, length: h, noise: 0 };
    case 'sde':
      return { x: shrink * Math.exp(-h), scale: alpha, length: -2 * h, noise: sigma * Math.sqrt(-Math.expm1(-2 * h)) };
  }
}

/** ∫₀ʰ e^{h−u}·uᵏ/(k!·hᵏ) du for k = 0, 1, 2, which weight the model and h times, h² times its first two derivatives. h ≠ 0; −∞ for the first alone. */
export function exponentialWeights(h: number): readonly [number, number, number] {
  const first = Math.expm1(h);
  const second = first / h - 1;
  return [first, second, second / h - 0.5];
}

/** What a model was at a place on the way: `at` counts in steps, 0 is where the step begins and 1 where it ends. */
export interface KnownModel {
  readonly at: number;
  readonly value: tf.Tensor;
}

/** The step with an x̂₀ that is taken to be constant, which is DDIM's, for `sde` without its noise. A new tensor. */
export function straightStep({ x: factor, scale, length }: ExponentialStep, x: tf.Tensor, x0: tf.Tensor): tf.Tensor {
  return weightedSum([[factor, x], [-scale * Math.expm1(length), x0]]);
}

/** What is added for the slope between two models: half of their difference, as if it came halfway (Lu et al. 2022b, algorithms 1 and 2: "midpoint"). A new tensor. */
export function midpointBend({ scale, length }: ExponentialStep, begin: tf.Tensor, other: KnownModel): tf.Tensor {
  return tf.mul((-scale * Math.expm1(length)) / 2 / other.at, tf.sub(other.value, begin));
}
