import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels, type AdamKernelAttributes } from '@langevin/contracts';
import { fusedKernel } from '../nn/fused-kernel.js';
import { adamUpdate, type AdamOptions, type AdamScalarInputs, type AdamVectors } from './adam.js';
import { emaStep } from './ema.js';

/** Parameters, moments and averaged parameters: flat float32 vectors of one length. */
export interface AveragedVectors extends AdamVectors {
  /** Exponential moving average of the parameters. */
  readonly ema: tf.Tensor1D;
}

/** The scalars of an update, and the decay of the average. */
export type AveragedScalarInputs = AdamScalarInputs & { readonly decay: number | tf.Scalar };

/**
 * `adamUpdate`, and then `emaStep` of its parameters; one pass over the vectors where the backend can, with the same bits.
 *
 * @returns four new tensors; the arguments are kept
 */
export function averagedAdamUpdate(vectors: AveragedVectors, gradient: tf.Tensor1D, scalars: AveragedScalarInputs, options: AdamOptions): AveragedVectors {
  const fused = fusedKernel<AdamKernelAttributes>(fusedKernels.adam);
  return tf.tidy(() => {
    if (!fused) {
      const next = adamUpdate(vectors, gradient, scalars, options);
      return { ...next, ema: emaStep(vectors.ema, next.params, scalars.decay) };
    }
    const { beta1, beta2, epsilon } = options;
    const { stepSize, rootCorrection, shrink, decay } = scalars;
    const inputs = { ...vectors, gradient, stepSize: tensorOf(stepSize), rootCorrection: tensorOf(rootCorrection), shrink: tensorOf(shrink), decay: tensorOf(decay) };
    const [params, m, v, ema] = fused(inputs, { beta1, beta2, epsilon }) as tf.Tensor1D[]; // Of the shapes of the vectors.
    return { params: params!, m: m!, v: v!, ema: ema! };
  });
}

function tensorOf(value: number | tf.Scalar): tf.Scalar {
  return typeof value === 'number' ? tf.scalar(value) : value;
}
