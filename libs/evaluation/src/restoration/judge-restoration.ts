import { meanWithError, type MeanWithError } from '@langevin/diffusion-core';
import { imageCount, imageSize, type ImageSet } from '../image-set.js';
import type { DigitClassifier } from '../train-digit-classifier.js';
import { psnr } from './psnr.js';

/** How near restored images come to the true ones. */
export interface RestorationJudgement {
  /** Peak signal-to-noise ratio in dB. */
  readonly psnr: MeanWithError;
  /** Share of images to which the judge gives the class of the true one. */
  readonly agreement: MeanWithError;
}

/**
 * Judges restored images by their true ones and by a classifier.
 * @throws LangevinError `invalid_argument` for no images, or another number of them
 */
export async function judgeRestoration(restored: Float32Array, clean: ImageSet, judge: Pick<DigitClassifier, 'predict'>): Promise<RestorationJudgement> {
  imageCount({ ...clean, images: restored }, 'restored images');
  const shown = restored.map((value) => Math.min(Math.max(value, -1), 1));
  const labels = await judge.predict(shown);
  return {
    psnr: meanWithError(psnr(shown, clean.images, imageSize(clean.imageShape))),
    agreement: meanWithError(Array.from(labels, (label, i) => Number(label === clean.labels[i]))),
  };
}
