import * as tf from '@tensorflow/tfjs-core';
import type { KernelConfig, MaxPoolGradAttrs, Tensor4D } from '@tensorflow/tfjs-core';

type PoolInfo = ReturnType<typeof tf.backend_util.computePool2DInfo>;

/**
 * Gradient of max pooling for the WebAssembly backend, whose own one (4.22.0) is wrong as soon as there is more than one
 * channel. Each element of dY goes to the first largest element of its window, as in TensorFlow.
 */
export const maxPoolGrad: KernelConfig = {
  kernelName: tf.MaxPoolGrad,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    // tfjs gives every kernel the same loose types; those of this kernel are fixed by its name, and inputs are tensors.
    const { dy, input } = inputs as unknown as { dy: Tensor4D; input: Tensor4D };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolGradAttrs;
    const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode);
    const x = input.dataSync();
    const sums = new Float32Array(x.length);
    dy.dataSync().forEach((value, index) => {
      const at = largest(x, info, index);
      sums[at] = (sums[at] ?? 0) + value;
    });
    return tf.tensor(sums, input.shape, 'float32');
  },
};

/** Index into x, of shape [N, H, W, C], of the element that output element `index` was taken from. */
function largest(x: ArrayLike<number>, info: PoolInfo, index: number): number {
  const { inHeight, inWidth, outHeight, outWidth, inChannels, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const channel = index % inChannels;
  const column = Math.floor(index / inChannels) % outWidth;
  const row = Math.floor(index / (inChannels * outWidth)) % outHeight;
  const image = Math.floor(index / (inChannels * outWidth * outHeight));
  const top = row * strideHeight - padInfo.top;
  const left = column * strideWidth - padInfo.left;
  let best = -1;
  for (let r = Math.max(0, top); r < Math.min(inHeight, top + filterHeight); r += 1) {
    for (let c = Math.max(0, left); c < Math.min(inWidth, left + filterWidth); c += 1) {
      const at = ((image * inHeight + r) * inWidth + c) * inChannels + channel;
      if (best < 0 || (x[at] ?? NaN) > (x[best] ?? NaN)) best = at;
    }
  }
  return best;
}
