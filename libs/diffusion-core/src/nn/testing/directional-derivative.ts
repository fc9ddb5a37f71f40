import * as tf from '@tensorflow/tfjs-core';
import { PhiloxStream } from '../../rng/index.js';

/** Standard normal numbers in a tensor of `shape`, from (seed, sample). For tests. */
export function normalTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number, sample = 0): tf.Tensor<R> {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  return tf.tensor<R>(new PhiloxStream({ seed, purpose: 'noise', sample }).fillNormal(values), shape);
}

/** The derivative of f along one direction, twice. */
export interface DirectionalDerivative {
  /** ⟨∇f(x), v⟩ by backward differentiation. */
  readonly backward: number;
  /** (8(f(x+hv) − f(x−hv)) − (f(x+2hv) − f(x−2hv))) / 12h: truncation O(h⁴), so h can be large for float32. */
  readonly central: number;
}

/** Differentiates the scalar function `f` at x along a random direction v, which `seed` decides. For tests. */
export function directionalDerivative(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, seed: number, h = 0.02): DirectionalDerivative {
  const direction = normalTensor(x.shape, seed, 1_000_000);
  const at = (step: number) => tf.tidy(() => Number(f(tf.add(x, tf.mul(direction, step))).dataSync()[0]));
  const central = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  const backward = tf.tidy(() => Number(tf.sum(tf.mul(tf.grad(f)(x), direction)).dataSync()[0]));
  direction.dispose();
  return { backward, central };
}
