import { labelAgreement } from '@langevin/diffusion-core/metrics';
import { classDiversity } from './class-diversity.js';
import { imageCount, type ImageSet } from './image-set.js';
import type { JudgeInput } from './judge-samples.js';

/** What guidance is judged by: whether samples show their label, and how varied they still are. */
export interface GuidanceJudgement {
  /** Share of samples that the judge gives the label that was asked for. */
  readonly labelAgreement: number;
  /** Its 95 % interval (Wilson 1927). */
  readonly labelAgreementInterval: { readonly lower: number; readonly upper: number };
  /** Mean distance of two samples of one label ÷ that of real images of one class. */
  readonly diversityRatio: number;
}

/** How samples that were guided at one scale are judged. */
export interface GuidancePoint extends GuidanceJudgement {
  /** γ. */
  readonly scale: number;
}

/**
 * Judges guided samples by a classifier that did not guide them.
 *
 * @param samples with the labels that they were guided to; values beyond [−1, 1] are clamped, as in a picture
 * @param heldOut real images
 * @throws LangevinError `invalid_argument` when a set is empty or no class has two samples and two held-out images
 */
export async function judgeGuidance(samples: ImageSet, heldOut: ImageSet, judge: Pick<JudgeInput['classifier'], 'predict'>): Promise<GuidanceJudgement> {
  imageCount(samples, 'samples');
  imageCount(heldOut, 'held-out images');
  const { agreement, lower, upper } = labelAgreement(samples.labels, await judge.predict(samples.images.map((value) => Math.min(1, Math.max(-1, value)))));
  return { labelAgreement: agreement, labelAgreementInterval: { lower, upper }, diversityRatio: classDiversity(samples, heldOut).diversityRatio };
}
