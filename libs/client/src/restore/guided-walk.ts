import * as tf from '@tensorflow/tfjs-core';
import { ddim, reconstructionGuidance, staticThreshold, timestepGrid, type GridStep, type LinearOperator } from '@langevin/diffusion-core';
import type { Conditions } from '../compiled-denoisers.js';
import type { DiffusionModel } from '../diffusion-model.js';
import type { RestoreBatch, RestoreOptions } from './restore-batches.js';

/** Images from −1 to 1 vary by about so much: a uniform value does. */
const dataVariance = 1 / 3;
/** What is measured is bytes: their steps are no knowledge. */
const leastNoise = 0.01;

/** What is known of some neighbouring images. */
export interface Known {
  readonly first: number;
  /** `y` is what was measured; the others belong to the operator. Disposed of with the walk. */
  readonly conditions: Conditions;
  readonly operatorOf: (conditions: Conditions) => LinearOperator;
  /** Standard deviation of the error of y. @default that of bytes */
  readonly noise?: number;
}

/** A walk of DDIM that is guided to what is known. The gradient through the network is compiled with it. */
export function guidedWalk(model: DiffusionModel, options: RestoreOptions, { first, conditions, operatorOf, noise = 0 }: Known): RestoreBatch {
  const { process } = model;
  const denoiser = model.denoiser({
    clipSample: false,
    ...labelsOf(options, first, conditions['y']!.shape[0]!),
    conditions,
    guide: (inner, held) => staticThreshold(1)(reconstructionGuidance(process, { operator: operatorOf(held), y: held['y']!, noise: Math.max(noise, leastNoise) }, { dataVariance })(inner)),
  });
  const grid = gridOf(model, options);
  return {
    length: grid.length,
    walk: (start) => ddim.steps(denoiser.denoise, process, grid, start),
    [Symbol.dispose]() {
      denoiser[Symbol.dispose]();
      tf.dispose({ ...conditions });
    },
  };
}

export function gridOf({ process }: DiffusionModel, { steps = 50 }: RestoreOptions): GridStep[] {
  return timestepGrid(steps, 'trailing', { numTrainTimesteps: process.numTrainTimesteps });
}

/** The labels of some neighbouring images. */
export function labelsOf({ labels }: RestoreOptions, first: number, count: number): { labels?: number[] } {
  return labels ? { labels: Array.from(labels).slice(first, first + count) } : {};
}
