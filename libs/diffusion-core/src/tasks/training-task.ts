import type { Tensor } from '@tensorflow/tfjs-core';
import { isClassifierJob, type JobSpec, type Metrics } from '@langevin/contracts';
import type { LeafBatch } from '../nn/leaf-batch.js';
import type { LeafGradient } from '../nn/loss-gradient.js';
import type { ParameterLayout } from '../nn/parameter-layout.js';
import { classifyingTask } from './classifying-task.js';
import { denoisingTask } from './denoising-task.js';
import type { HeldOutImages } from './held-out-images.js';

/** What a job trains, whichever kind of network it is: all that a trainer needs to know of it. */
export interface TrainingTask {
  readonly layout: ParameterLayout;
  /** How many classes labels may name; 1 for a network that is told none. */
  readonly classes: number;
  /**
   * What the batch holds in place of the data's labels; none for a network without classes.
   * @param dropUniforms one number in [0, 1) a label, from the purpose `labelDropout`
   */
  batchLabels(labels: Int32Array, dropUniforms: readonly number[]): Int32Array | undefined;
  /**
   * Σ w·∂ℓ/∂θ and Σ w·ℓ over one micro-batch, two new tensors; whatever else was made is gone.
   * @throws LangevinError `invalid_argument` when shapes do not fit the network
   */
  leafGradient(parameters: readonly Tensor[], batch: LeafBatch): LeafGradient;
  /**
   * How good these parameters are on data that they were not trained on: a pure function of both, with the bits of the
   * backend. Absent where nothing is measured.
   */
  readonly measure?: (parameters: readonly Tensor[], heldOut: HeldOutImages) => Metrics;
}

/**
 * The task of a job.
 * @throws LangevinError `invalid_spec` for a network that cannot be built
 */
export function trainingTask(spec: JobSpec): TrainingTask {
  return isClassifierJob(spec) ? classifyingTask(spec) : denoisingTask(spec);
}
