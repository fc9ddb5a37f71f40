import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes the matrices by which group normalisation turns sums over pixels of each channel into means over each group.
 * One matrix serves all layers of a shape within one forward pass; the tensors belong to the tidy around that pass.
 */
export class GroupAverages {
  readonly #tensors = new Map<string, tf.Tensor2D>();

  /**
   * [channels, channels]: entry (i, j) is 1/(pixels · channels per group) when i and j share a group, else 0. It is
   * symmetric, so it is its own transpose in gradients.
   *
   * @param channels divisible by `groups`
   */
  matrix(channels: number, groups: number, pixels: number): tf.Tensor2D {
    const key = `${channels}/${groups}/${pixels}`;
    let matrix = this.#tensors.get(key);
    if (matrix === undefined) {
      matrix = tf.tensor2d(averagingMatrix(channels, groups, pixels), [channels, channels]);
      this.#tensors.set(key, matrix);
    }
    return matrix;
  }
}

function averagingMatrix(channels: number, groups: number, pixels: number): Float32Array {
  const size = channels / groups;
  const entries = new Float32Array(channels * channels);
  for (let row = 0; row < channels; row++) {
    const first = row - (row % size);
    entries.fill(1 / (pixels * size), row * channels + first, row * channels + first + size);
  }
  return entries;
}
