import type { ModelSummary } from '@langevin/contracts/api';

/** A denoiser and the classifiers that can guide it. */
export interface GuidancePair {
  readonly denoiser: ModelSummary;
  readonly classifiers: readonly ModelSummary[];
}

/** Which newest versions go together: those trained on equal noise schedules. */
export function guidancePairs(models: readonly ModelSummary[]): GuidancePair[] {
  return models
    .filter(({ guidanceRole }) => guidanceRole === 'denoiser')
    .map((denoiser) => ({
      denoiser,
      classifiers: models.filter(({ guidanceRole, scheduleDigest }) => guidanceRole === 'noisy-classifier' && scheduleDigest === denoiser.scheduleDigest),
    }));
}
