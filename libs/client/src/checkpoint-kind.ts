import { isClassifierJob, isDenoiserJob, LangevinError, type ClassifierJobSpec, type DenoiserJobSpec } from '@langevin/contracts';
import type { CheckpointWeights } from './checkpoint-weights.js';

/**
 * A checkpoint as that of a denoiser.
 * @throws LangevinError `invalid_argument` for one of a classifier, with where it belongs
 */
export function denoiserCheckpoint(checkpoint: CheckpointWeights): CheckpointWeights<DenoiserJobSpec> {
  const { spec, run, step } = checkpoint;
  if (isDenoiserJob(spec)) return { ...checkpoint, spec };
  throw new LangevinError('invalid_argument', `step ${step} of run "${run}" is a classifier: it draws nothing, it guides a denoiser; name it as the classifier`);
}

/**
 * A checkpoint as that of a noisy classifier.
 * @throws LangevinError `invalid_argument` for one of a denoiser, with what a classifier is
 */
export function classifierCheckpoint(checkpoint: CheckpointWeights): CheckpointWeights<ClassifierJobSpec> {
  const { spec, run, step } = checkpoint;
  if (isClassifierJob(spec)) return { ...checkpoint, spec };
  throw new LangevinError('invalid_argument', `step ${step} of run "${run}" is a denoiser: to guide, name a run whose model.type is classifier2d`);
}
