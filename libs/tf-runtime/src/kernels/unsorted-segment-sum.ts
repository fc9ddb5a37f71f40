import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig, Tensor, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';

/**
 * Sums the rows of `x` that carry the same segment id, for the WebAssembly backend, which has no such kernel: the gradient of
 * an embedding look-up. Rows are added in their order; rows whose id is outside [0, numSegments) are dropped, as in TensorFlow.
 */
export const unsortedSegmentSum: KernelConfig = {
  kernelName: tf.UnsortedSegmentSum,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    // tfjs gives every kernel the same loose types; those of this kernel are fixed by its name, and inputs are tensors.
    const { x, segmentIds } = inputs as unknown as { x: Tensor; segmentIds: Tensor };
    const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
    const ids = segmentIds.dataSync();
    const values = x.dataSync();
    const width = ids.length === 0 ? 0 : values.length / ids.length;
    const shape = [numSegments, ...x.shape.slice(segmentIds.rank)];
    const sums = new Float32Array(tf.util.sizeFromShape(shape));
    ids.forEach((id, row) => {
      if (id < 0 || id >= numSegments) return;
      for (let column = 0; column < width; column += 1) {
        sums[id * width + column] = (sums[id * width + column] ?? 0) + (values[row * width + column] ?? 0);
      }
    });
    return tf.tensor(sums, shape, x.dtype);
  },
};
