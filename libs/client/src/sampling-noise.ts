import * as tf from '@tensorflow/tfjs-core';
import { PhiloxStream, type StreamId } from '@langevin/diffusion-core/rng';

/** Random numbers of some neighbouring images of one call: images `first` to `first + count`, `count` not included. */
export interface SamplingNoise {
  /** x_T: standard normal, [count, height, width, channels]. Owned by the caller. */
  start(): tf.Tensor4D;
  /** What the step at this index of the grid adds, of the same shape. Owned by the caller. */
  step(index: number): tf.Tensor4D;
}

/** The noise of image i in step s is a pure function of (seed, i, s): it does not depend on which images share a batch. */
export function samplingNoise(seed: number, first: number, count: number, imageShape: readonly [number, number, number]): SamplingNoise {
  const size = imageShape[0] * imageShape[1] * imageShape[2];
  const draw = (purpose: StreamId['purpose'], step: number): tf.Tensor4D => {
    const values = new Float32Array(count * size);
    for (let image = 0; image < count; image += 1) {
      new PhiloxStream({ seed, purpose, step, sample: first + image }).fillNormal(values.subarray(image * size, (image + 1) * size));
    }
    return tf.tensor4d(values, [count, ...imageShape]);
  };
  return { start: () => draw('samplerStart', 0), step: (index) => draw('samplerNoise', index) };
}
