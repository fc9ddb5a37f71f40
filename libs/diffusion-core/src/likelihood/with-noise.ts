import * as tf from '@tensorflow/tfjs-core';

/** What a function makes of the noise of a term. A tensor made by `noise` is disposed of; one that existed before is left alone. */
export function withNoise<T>(noise: (term: number) => tf.Tensor, term: number, use: (eps: tf.Tensor) => T): T {
  const results: T[] = [];
  tf.tidy(() => void results.push(use(noise(term))));
  return results[0]!; // One was pushed.
}
