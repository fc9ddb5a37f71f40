import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';

/**
 * The one view that samplers and guidance have of a model: E[x₀ | x_t = x].
 *
 * @param x [B, …] float32; kept
 * @param t [B] times of the process; kept
 * @returns a new tensor shaped like x
 */
export type Denoiser = (x: Tensor, t: Tensor1D) => Tensor;

/** A network as it was trained: a prediction shaped like x, whose meaning is a PredictionType. */
export type Predictor = (x: Tensor, t: Tensor1D) => Tensor;

/**
 * What a network predicts, by diffusers' names; `score` is ∇ ln p_t(x).
 * With x = αx₀ + σε: `epsilon` is ε, `sample` is x₀, `v_prediction` is v = αε − σx₀ (Salimans & Ho 2022, appendix D).
 */
export type PredictionType = 'epsilon' | 'sample' | 'v_prediction' | 'score';
