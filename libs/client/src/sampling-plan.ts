import * as tf from '@tensorflow/tfjs-core';
import { imageChannels, type DenoiserJobSpec } from '@langevin/contracts';
import { timestepGrid } from '@langevin/diffusion-core';
import type { Denoiser, DdpmProcess, GridStep, SamplerSteps } from '@langevin/diffusion-core';
import { CompiledDenoisers } from './compiled-denoisers.js';
import { guidedDenoiser } from './guided-denoiser.js';
import type { CompiledSampleOptions } from './sample-options.js';
import { samplersByName } from './samplers-by-name.js';

/** What a sampler needs of a model. It may hold memory until it is disposed of. */
export interface SamplingPlan extends Disposable {
  readonly imageShape: readonly [number, number, number];
  readonly grid: readonly GridStep[];
  /** Standard deviation of x_T. */
  readonly priorDeviation: number;
  /** What draws the images `first` to `first + count`, `count` not included. */
  batch(first: number, count: number): BatchSampler;
}

/** Draws one batch; holds tensors until `dispose`. */
export interface BatchSampler {
  /** The steps of the sampler along the grid, from x on, which is kept. `noise` is standard normal and shaped like x, and counted as the sampler counts it. */
  steps(x: tf.Tensor, noise: (index: number) => tf.Tensor): SamplerSteps;
  dispose(): void;
}

/** A denoiser as a model has it. */
export interface PlannedModel {
  readonly config: DenoiserJobSpec['model'];
  readonly process: DdpmProcess;
  /**
   * The denoiser of a batch with these labels, [B] int32, and these images of low resolution, which outlive it; none for a network that is told of none.
   */
  denoise(labels?: tf.Tensor1D, lowResolution?: tf.Tensor4D): Denoiser;
}

/** How a model draws under these options. */
export function samplingPlan(model: PlannedModel, options: CompiledSampleOptions): SamplingPlan {
  const { sample_size: size } = model.config;
  const imageShape = [size, size, imageChannels(model.config)] as const;
  const denoisers = new CompiledDenoisers((labels) => guidedDenoiser(model, options, labels), imageShape);
  // Not `trailing`: at the last time of a cosine schedule α is about 5e-5, and x̂₀ = (x − σε̂)/α is error alone.
  const grid = timestepGrid(options.steps, 'leading', { numTrainTimesteps: model.process.numTrainTimesteps });
  return {
    imageShape,
    grid,
    priorDeviation: model.process.prior.standardDeviation,
    batch: (first, count) => batchSampler(model, options, denoisers, grid, first, count),
    [Symbol.dispose]: () => denoisers[Symbol.dispose](),
  };
}

function batchSampler(model: PlannedModel, options: CompiledSampleOptions, denoisers: CompiledDenoisers, grid: readonly GridStep[], first: number, count: number): BatchSampler {
  const part = (labels: Int32Array | undefined) => labels && tf.tensor1d(labels.subarray(first, first + count), 'int32');
  const [told, wanted] = [part(options.networkLabels), part(options.classifier && options.labels)];
  const batches = count === options.batchSize ? Math.floor(options.count / count) : 1;
  const denoiser = denoisers.denoiser(count, { ...(told && { told }), ...(wanted && { wanted }) }, batches * options.steps);
  const { classifier, classifierScale } = options;
  const meanGuidance = options.guidanceForm === 'mean' && classifier && wanted ? { meanGuidance: { logLikelihood: classifier.logLikelihood(wanted), classifierScale } } : {};
  return {
    steps: (x, noise) => samplersByName[options.sampler](denoiser, model.process, grid, x, { noise, ...meanGuidance }),
    dispose: () => [told, wanted].forEach((labels) => labels?.dispose()),
  };
}
