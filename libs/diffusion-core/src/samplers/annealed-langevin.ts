import { LangevinError } from '@langevin/contracts';
import type * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { langevinCorrector } from './langevin.js';
import { runToEnd, takeSteps, type OnStep } from './walk.js';

/** How annealed Langevin dynamics walks. */
export interface AnnealedLangevinOptions {
  /** T of the paper: steps at each noise. @default 100 */
  readonly stepsPerNoise?: number;
  /** ε of the paper: the step size at the smallest noise, where it is α_L; at noise σᵢ it is ε·σᵢ²/σ_L². @default 2e-5 */
  readonly epsilon?: number;
  /** Standard normal noise shaped like x for each step, counted over all noises. */
  readonly noise: (stepIndex: number) => tf.Tensor;
  /** Called after the steps at each noise. */
  readonly onStep?: OnStep;
}

/**
 * Annealed Langevin dynamics of NCSN (Song & Ermon 2019, algorithm 1): Langevin dynamics at one noise after the other, each from where the one
 * before has come to.
 *
 * @param times whose noises fall, σ > 0 at each
 * @param x [B, …] start; kept
 * @returns a new tensor shaped like x, at the noise of the last time
 * @throws LangevinError `invalid_argument` unless there are times and their noises fall, and as `langevin`
 */
export function annealedLangevin(denoiser: Denoiser, process: GaussianProcess, times: readonly number[], x: tf.Tensor, options: AnnealedLangevinOptions): tf.Tensor {
  const { stepsPerNoise = 100, epsilon = 2e-5, noise, onStep } = options;
  const sigmas = times.map((t) => process.sigma(t));
  const last = sigmas.at(-1);
  if (last === undefined || !(last > 0) || sigmas.some((sigma, i) => i > 0 && !(sigma < sigmas[i - 1]!))) {
    throw new LangevinError('invalid_argument', `noises must fall from one time to the next, and stay above 0, got ${sigmas.join(', ') || 'none'}`);
  }
  const noises = times.map((t, index) => ({ t, ratio: sigmas[index]! / last })); // One for each time.
  const chain = takeSteps(noises, x, ({ t, ratio }, index, current) => [
    langevinCorrector(denoiser, process, t, current, { steps: stepsPerNoise, stepSize: epsilon * ratio * ratio, noise: (step) => noise(index * stepsPerNoise + step) }),
  ]);
  return runToEnd(chain, onStep);
}
