import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { stableIntegerPower } from '../rng/stable-power.js';

/** Adam's constants; the keys of a job's `training.adam`. */
export interface AdamOptions {
  /** Decay of the first moment, 0 ≤ β₁ < 1. */
  readonly beta1: number;
  /** Decay of the second moment, 0 ≤ β₂ < 1. */
  readonly beta2: number;
  /** Added to √v̂, outside the root. */
  readonly epsilon: number;
  /** Decoupled weight decay (AdamW, Loshchilov & Hutter 2019, algorithm 2); 0 is plain Adam. */
  readonly weightDecay: number;
}

/** Flat float32 vectors of one length. */
export interface AdamVectors {
  readonly params: tf.Tensor1D;
  /** First moment. */
  readonly m: tf.Tensor1D;
  /** Second moment. */
  readonly v: tf.Tensor1D;
}

/** Vectors, and the number of updates that made them. */
export interface AdamState extends AdamVectors {
  readonly step: number;
}

/** What changes from step to step, as float32 values: the only scalars of a compiled update. */
export interface AdamScalars {
  /** lr / (1 − β₁ᵗ). */
  readonly stepSize: number;
  /** 1 / √(1 − β₂ᵗ). */
  readonly rootCorrection: number;
  /** 1 − lr·weightDecay. */
  readonly shrink: number;
}

/** `AdamScalars`, each as a number or as a float32 scalar tensor. */
export type AdamScalarInputs = { readonly [K in keyof AdamScalars]: number | tf.Scalar };

/**
 * The scalars of update t, counted from 1 (Kingma & Ba 2015, §2: bias correction folded into the step). Computed in
 * float64 from + − × ÷ √ alone, then rounded to float32: the same bits on every platform.
 *
 * @param learningRate float32 value
 * @throws LangevinError `invalid_argument` unless t is a whole number of at least 1
 */
export function adamScalars(t: number, learningRate: number, options: AdamOptions): AdamScalars {
  if (!Number.isSafeInteger(t) || t < 1) {
    throw new LangevinError('invalid_argument', `Adam counts its updates from 1, got ${t}`);
  }
  return {
    stepSize: Math.fround(learningRate / (1 - stableIntegerPower(options.beta1, t))),
    rootCorrection: Math.fround(1 / Math.sqrt(1 - stableIntegerPower(options.beta2, t))),
    shrink: Math.fround(1 - learningRate * options.weightDecay),
  };
}

/**
 * One update of Adam or AdamW on flat vectors, as tensor operations alone, so that it can be compiled:
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← shrink·θ − stepSize·m / (√v·rootCorrection + ε). Semantics of PyTorch:
 * ε stands outside the root, after the correction of v.
 *
 * @returns three new tensors; the arguments are kept
 */
export function adamUpdate({ params, m, v }: AdamVectors, grad: tf.Tensor1D, scalars: AdamScalarInputs, options: AdamOptions): AdamVectors {
  const { beta1, beta2, epsilon, weightDecay } = options;
  return tf.tidy(() => {
    const nextM: tf.Tensor1D = tf.add(tf.mul(beta1, m), tf.mul(1 - beta1, grad));
    const nextV: tf.Tensor1D = tf.add(tf.mul(beta2, v), tf.mul(1 - beta2, tf.square(grad)));
    const denominator = tf.add(tf.mul(tf.sqrt(nextV), scalars.rootCorrection), epsilon);
    const kept = weightDecay === 0 ? params : tf.mul(params, scalars.shrink);
    const nextParams: tf.Tensor1D = tf.sub(kept, tf.mul(scalars.stepSize, tf.div(nextM, denominator)));
    return { params: nextParams, m: nextM, v: nextV };
  });
}

/**
 * The update that follows `state`, with its scalars worked out. The arguments are kept; the caller owns the new vectors.
 *
 * @param grad the gradient, already divided by the sum of weights and clipped
 * @param learningRate float32 value of this step
 */
export function adamStep(state: AdamState, grad: tf.Tensor1D, learningRate: number, options: AdamOptions): AdamState {
  const step = state.step + 1;
  return { ...adamUpdate(state, grad, adamScalars(step, learningRate, options), options), step };
}
