import * as tf from '@tensorflow/tfjs-core';
import type { Conv2DBackpropFilterAttrs, KernelConfig, Tensor4D } from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';

/**
 * Gradient of a 2-D convolution with respect to its filter, for the WebAssembly backend, which has none of its own.
 *
 * For each tap (r, c) of the filter, dW[r, c] = X(r, c)ᵀ · dY, where X(r, c), of shape [N·H·W, C_in], holds the samples of the
 * padded input that the tap meets and dY, of shape [N·H·W, C_out], is the gradient of the output. Any stride and padding; NHWC,
 * undilated, as the backend's own forward and input-gradient kernels.
 */
export const conv2dBackpropFilter: KernelConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    // tfjs gives every kernel the same loose types; those of this kernel are fixed by its name, and inputs are tensors.
    const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
    return tf.tidy(() => filterGradient(x, dy, attrs as unknown as Conv2DBackpropFilterAttrs));
  },
};

function filterGradient(x: Tensor4D, dy: Tensor4D, attrs: Conv2DBackpropFilterAttrs): Tensor4D {
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs;
  if (dataFormat !== 'NHWC') {
    throw new LangevinError('unsupported', `convolutions on WebAssembly need dataFormat NHWC, got ${dataFormat}`);
  }
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { batchSize, outHeight, outWidth, inChannels, outChannels, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const positions = batchSize * outHeight * outWidth;
  const { top, left } = info.padInfo;
  const spanHeight = (outHeight - 1) * strideHeight + 1;
  const spanWidth = (outWidth - 1) * strideWidth + 1;
  const bottom = Math.max(0, spanHeight + filterHeight - 1 - top - info.inHeight);
  const right = Math.max(0, spanWidth + filterWidth - 1 - left - info.inWidth);
  // Channels first, once: the backend multiplies fast only without transposition flags.
  const padded: Tensor4D = tf.transpose(tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]), [3, 0, 1, 2]);
  const rows = tf.reshape(dy, [positions, outChannels]);
  const taps: tf.Tensor2D[] = [];
  for (let r = 0; r < filterHeight; r += 1) {
    for (let c = 0; c < filterWidth; c += 1) {
      const met = tf.stridedSlice(padded, [0, 0, r, c], [inChannels, batchSize, r + spanHeight, c + spanWidth], [1, 1, strideHeight, strideWidth]);
      taps.push(tf.matMul(tf.reshape(met, [inChannels, positions]), rows));
    }
  }
  return tf.reshape(tf.concat(taps, 0), filterShape);
}
