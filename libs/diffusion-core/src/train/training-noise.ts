import { PhiloxStream } from '../rng/philox-stream.js';

/** Which training sample the randomness is for. */
export interface TrainingNoiseId {
  /** Seed of the job. */
  readonly seed: number | bigint;
  /** Optimizer step. */
  readonly step: number;
  /** Index of the sample in the global batch of that step. */
  readonly sample: number;
}

/** The randomness of one training sample. */
export interface TrainingNoise {
  /** Diffusion time, uniform over 0 … T−1. */
  readonly t: number;
  /** The array that was given, filled with N(0, 1). */
  readonly eps: Float32Array;
  /** Uniform in [0, 1), for `classifierFreeLabels`. */
  readonly dropUniform: number;
}

/**
 * Time, noise and label-dropout number of one training sample: a pure function of (seed, step, sample), each from a
 * stream of its own, so that no trainer count, batch split or order enters.
 *
 * @param numTrainTimesteps T
 * @param eps where the noise goes, one element a pixel; a row of the batch, say
 */
export function trainingNoise(id: TrainingNoiseId, numTrainTimesteps: number, eps: Float32Array): TrainingNoise {
  return {
    t: new PhiloxStream({ ...id, purpose: 'timestep' }).uniformInt(numTrainTimesteps),
    eps: new PhiloxStream({ ...id, purpose: 'noise' }).fillNormal(eps),
    dropUniform: new PhiloxStream({ ...id, purpose: 'labelDropout' }).uniform(),
  };
}
