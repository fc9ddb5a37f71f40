import { rateDistortion, type Denoiser, type RateDistortionPoint } from '@langevin/diffusion-core';
import * as tf from '@tensorflow/tfjs-core';
import { imageSize } from './image-set.js';
import { heldOutNoise, type LikelihoodInput } from './negative-log-likelihood.js';

/** What held-out images take when they are sent along a grid, and what can be shown of them by then. */
export function measureRateDistortion(input: Omit<LikelihoodInput, 'decoder'> & { readonly denoiser: Denoiser }): RateDistortionPoint[] {
  const { denoiser, process, grid, heldOut } = input;
  const x0 = tf.tensor(heldOut.images, [heldOut.images.length / imageSize(heldOut.imageShape), ...heldOut.imageShape]);
  const points = rateDistortion(denoiser, process, x0, { grid, noise: (point) => heldOutNoise(input, point) });
  x0.dispose();
  return points;
}
