import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig, ResizeNearestNeighborGradAttrs, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Gradient of nearest-neighbour resizing for the plain JavaScript backend, whose own one (4.22.0) reads the rows of the
 * wrong image for every image of a batch but the first. Each element of dY is added to the pixel that it was copied from.
 */
export const resizeNearestGrad: KernelConfig = {
  kernelName: tf.ResizeNearestNeighborGrad,
  backendName: 'cpu',
  kernelFunc: ({ inputs, attrs }) => {
    // tfjs gives every kernel the same loose types; those of this kernel are fixed by its name, and inputs are tensors.
    const { images, dy } = inputs as unknown as { images: Tensor4D; dy: Tensor4D };
    const { alignCorners } = attrs as unknown as ResizeNearestNeighborGradAttrs;
    const [batch, height, width, depth] = images.shape;
    const [, outHeight, outWidth] = dy.shape;
    const rows = sources(outHeight, height, alignCorners);
    const columns = sources(outWidth, width, alignCorners);
    const values = dy.dataSync();
    const sums = new Float32Array(tf.util.sizeFromShape(images.shape));
    let from = 0;
    for (let b = 0; b < batch; b += 1) {
      for (const row of rows) {
        for (const column of columns) {
          const to = ((b * height + row) * width + column) * depth;
          for (let d = 0; d < depth; d += 1, from += 1) sums[to + d] = (sums[to + d] ?? 0) + (values[from] ?? 0);
        }
      }
    }
    return tf.tensor(sums, images.shape, 'float32');
  },
};

/** For each output row (or column) the input row that the forward kernel copies. */
function sources(out: number, size: number, alignCorners: boolean): number[] {
  const scale = alignCorners && out > 1 ? (size - 1) / (out - 1) : size / out;
  return Array.from({ length: out }, (_, i) => Math.min(size - 1, alignCorners ? Math.round(i * scale) : Math.floor(i * scale)));
}
