import * as tf from '@tensorflow/tfjs-core';
import type { NumericsClass } from '@langevin/contracts';
import type { Denoiser } from '@langevin/diffusion-core';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { activeRuntime, machineNumerics, runtimeFacts } from '@langevin/tf-runtime';
import type { DiffusionModel } from '../diffusion-model.js';
import { sha256 } from './archive-file.js';

/** What the model's numbers depend on here: the machine's part, and a digest of what the denoiser says of one noise. */
export function archiveNumerics({ imageShape, process }: DiffusionModel, denoise: Denoiser): NumericsClass {
  const canary = tf.tidy(() => {
    const noise = new PhiloxStream({ seed: 0, purpose: 'noise' }).fillNormal(new Float32Array(imageShape.reduce((a, b) => a * b)));
    return denoise(tf.tensor(noise, [1, ...imageShape]), tf.tensor1d([Math.floor(process.tMax / 2)])).dataSync<'float32'>();
  });
  return { ...machineNumerics(runtimeFacts(activeRuntime())), canary: sha256(new Uint8Array(canary.buffer, canary.byteOffset, canary.byteLength)).slice(0, 16) };
}
