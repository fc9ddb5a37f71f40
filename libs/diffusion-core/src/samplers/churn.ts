import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { freshNoise, type SamplerOptions } from './linear-steps.js';
import { noiseRatio, timeOfRatio } from './noise-ratio.js';

/** Noise that is added before each step and taken away by it. */
export interface Churn {
  /** S_churn ≥ 0: all steps together raise the noise by about this factor; each by (1 + S_churn/n), √2 at most. */
  readonly strength: number;
  /** S_tmin: the smallest σ/α at which noise is added. @default 0 */
  readonly sigmaMin?: number;
  /** S_tmax: the largest one. @default +∞ */
  readonly sigmaMax?: number;
  /** S_noise: the deviation of the noise, which may make up for detail that a network loses. @default 1 */
  readonly noiseScale?: number;
}

/** Options of the samplers of EDM. */
export interface ChurnOptions extends Pick<SamplerOptions, 'noise' | 'onStep'> {
  /** For a process in continuous time (`interpolatedProcess` makes one of DDPM's), whose largest noise leaves room for more. @default none: no noise is added */
  readonly churn?: Churn;
}

/** Throws LangevinError `invalid_argument` for a churn that cannot be. */
export function checkChurn({ churn }: ChurnOptions): void {
  if (churn && !(churn.strength >= 0)) throw new LangevinError('invalid_argument', `a churn of strength ${churn.strength} is not a number of at least 0`);
}

/** Where a step of EDM begins: x and its time, the noise raised (Karras et al. 2022, algorithm 2, lines 4 to 6). */
export function churned(process: GaussianProcess, x: tf.Tensor, t: number, index: number, steps: number, options: ChurnOptions): { x: tf.Tensor; t: number } {
  const { strength = 0, sigmaMin = 0, sigmaMax = Number.POSITIVE_INFINITY, noiseScale = 1 } = options.churn ?? {};
  const ratio = noiseRatio(process, t);
  const gamma = ratio >= sigmaMin && ratio <= sigmaMax ? Math.min(strength / steps, Math.SQRT2 - 1) : 0;
  if (gamma === 0) return { x, t };
  const raised = ratio * (1 + gamma);
  const later = timeOfRatio(process, raised);
  const alpha = process.alpha(later);
  const added = alpha * Math.sqrt(raised * raised - ratio * ratio) * noiseScale;
  return { x: tf.add(tf.mul(alpha / process.alpha(t), x), tf.mul(added, freshNoise(options, index))), t: later };
}
