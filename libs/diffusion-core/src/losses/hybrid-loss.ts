import * as tf from '@tensorflow/tfjs-core';
import { splitLearnedVariance } from '../parameterizations/learned-variance.js';
import type { PredictionType } from '../parameterizations/denoiser.js';
import type { DdpmProcess } from '../processes/ddpm-process.js';
import { simpleLoss, type LossSums } from './simple-loss.js';
import { variationalTerm, type VariationalInputs } from './variational-loss.js';

/** What a loss of the bound is computed of: [B, …, C] each. All tensors are kept. */
export interface BoundLossInputs extends Pick<VariationalInputs, 'x0' | 'x' | 't' | 'coefficients'> {
  /** What the network said: [B, …, C], or [B, …, 2C] with a learned variance. */
  readonly output: tf.Tensor;
  /** [B], at least 0. */
  readonly weights: tf.Tensor1D;
}

/**
 * L_vlb as sums: lossᵢ = T·L_t in bits per dimension at the time of sample i, whose mean over uniform t is the bound without L_T (Nichol & Dhariwal 2021,
 * §3.3). Two new scalars; differentiable.
 */
export function vlbLoss(process: DdpmProcess, type: PredictionType, { output, weights, ...rest }: BoundLossInputs): LossSums {
  return tf.tidy(() => {
    const learned = output.shape.at(-1) !== rest.x0.shape.at(-1);
    const said = learned ? splitLearnedVariance(output) : { prediction: output };
    return { lossSum: boundSum(process, type, { ...rest, ...said }, weights), weightSum: tf.sum<tf.Scalar>(weights) };
  });
}

/** λ of L_hybrid (Nichol & Dhariwal 2021, §3.1). */
const hybridWeight = 1e-3;

/** What `hybridLoss` is computed of. */
export interface HybridLossInputs extends BoundLossInputs {
  /** What the mean half is to be, shaped like x₀. */
  readonly target: tf.Tensor;
}

/**
 * L_hybrid = L_simple + 0.001·L_vlb as sums (Nichol & Dhariwal 2021, eq. 16): L_vlb in bits per dimension, without a gradient to the mean half of the output,
 * so that it teaches the variance alone. Two new scalars; differentiable.
 *
 * @throws LangevinError `invalid_argument` for an output that has no learned variance
 */
export function hybridLoss(process: DdpmProcess, type: PredictionType, { output, target, weights, ...rest }: HybridLossInputs): LossSums {
  return tf.tidy(() => {
    const { prediction, fraction } = splitLearnedVariance(output);
    const bound = boundSum(process, type, { ...rest, prediction: stopGradient(prediction), fraction }, weights);
    const simple = simpleLoss(prediction, target, weights);
    return { lossSum: tf.add<tf.Scalar>(simple.lossSum, tf.mul(hybridWeight, bound)), weightSum: simple.weightSum };
  });
}

/** The same values, and no gradient. */
function stopGradient(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((at) => ({ value: tf.clone(at as tf.Tensor), gradFunc: (dy) => tf.zerosLike(dy as tf.Tensor) }))(x); // One tensor in, one out.
}

/** Σ wᵢ·T·L_t. */
function boundSum(process: DdpmProcess, type: PredictionType, inputs: VariationalInputs, weights: tf.Tensor1D): tf.Scalar {
  return tf.sum<tf.Scalar>(tf.mul(weights, tf.mul(process.numTrainTimesteps, variationalTerm(process, type, inputs))));
}
