import * as tf from '@tensorflow/tfjs-core';
import { imageChannels, LangevinError, type DenoiserJobSpec } from '@langevin/contracts';
import type { Denoiser } from '@langevin/diffusion-core';
import { CompiledDenoisers, type Conditions } from './compiled-denoisers.js';
import { guidedDenoiser, type BatchLabels } from './guided-denoiser.js';
import { compileSampleOptions, type CompiledSampleOptions, type SampleOptions } from './sample-options.js';
import type { PlannedModel } from './sampling-plan.js';

/** What the denoiser of a model is told, and what guides it. */
export interface ModelDenoiserOptions extends Pick<SampleOptions, 'labels' | 'guidanceScale' | 'classifier' | 'classifierScale' | 'clipSample'> {
  /** Images that a network for super-resolution is to refine, [B, height/factor, width/factor, channels]; kept. It must have them, and no other may. @default none */
  readonly lowResolution?: tf.Tensor4D;
  /** What is known of each image besides, by name: [B, …] float32 each; kept. Given to `guide`. @default nothing */
  readonly conditions?: Conditions;
  /** Wraps the guided denoiser, gradients through it included: the whole runs as one compiled graph. @default as it is */
  readonly guide?: (denoiser: Denoiser, conditions: Conditions) => Denoiser;
}

/** A trained model as a function, compiled. It holds memory until it is disposed of. */
export interface ModelDenoiser extends Disposable {
  /**
   * E[x₀ | x_t] for x [B, height, width, channels]. With labels or conditions a batch has as many images as those, without them any number.
   * It reads x back: gradients do not go through it, take them in `guide`.
   *
   * @throws LangevinError `invalid_argument` for a batch of another size
   */
  readonly denoise: Denoiser;
}

/**
 * The denoiser of a model with these options, for the samplers, tasks and likelihoods of diffusion-core.
 * @throws LangevinError `invalid_argument`, `schedule_mismatch` as for samples
 */
export function modelDenoiser(model: PlannedModel, facts: Pick<DenoiserJobSpec, 'model' | 'process'>, options: ModelDenoiserOptions = {}): ModelDenoiser {
  const { conditions = {}, lowResolution, guide = (denoiser: Denoiser) => denoiser, ...asked } = options;
  const compiled = compileSampleOptions(asked, facts);
  const seen = { ...conditions, ...(lowResolution && { lowResolution }) };
  const known = knownCount(asked.labels, seen);
  const { sample_size: size } = model.config;
  const imageShape = [size, size, imageChannels(model.config)] as const;
  const denoisers = new CompiledDenoisers(({ told, wanted, lowResolution: coarse, ...given }: BatchLabels) => {
    const known = { ...(told && { told }), ...(wanted && { wanted }), ...(coarse && { lowResolution: coarse }) };
    return guide(guidedDenoiser(model, compiled, known), given);
  }, imageShape);
  const bySize = new Map<number, Denoiser>();
  const denoiserOf = (count: number): Denoiser => {
    if (known !== undefined && known !== count) throw new LangevinError('invalid_argument', `a batch of ${count} images, but labels or conditions of ${known}`);
    const labels = batchLabels(compiled, count);
    const denoiser = denoisers.denoiser(count, { ...labels, ...seen }, Infinity);
    tf.dispose(Object.values(labels));
    return denoiser;
  };
  return {
    denoise(x, t) {
      const count = x.shape[0]!; // [B, …].
      const denoiser = bySize.get(count) ?? denoiserOf(count);
      bySize.set(count, denoiser);
      return denoiser(x, t);
    },
    [Symbol.dispose]: () => denoisers[Symbol.dispose](),
  };
}

/** How many images labels and conditions are of; undefined where there are none. */
function knownCount(labels: ArrayLike<number> | undefined, conditions: Conditions): number | undefined {
  const counts = [...(labels ? [labels.length] : []), ...Object.values(conditions).map(({ shape }) => shape[0])];
  if (new Set(counts).size > 1) throw new LangevinError('invalid_argument', `labels and conditions are of ${counts.join(' and ')} images: they must be of as many`);
  return counts[0];
}

/** Without labels each image has that of none, where the network knows labels at all. */
function batchLabels({ labels, networkLabels, classifier }: CompiledSampleOptions, count: number): BatchLabels {
  const told = labels ? networkLabels : networkLabels && new Int32Array(count).fill(networkLabels[0]!); // One image was asked for.
  return {
    ...(told && { told: tf.tensor1d(told, 'int32') }),
    ...(classifier && labels && { wanted: tf.tensor1d(labels, 'int32') }),
  };
}
