import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels, type Conv2DKernelAttributes } from '@langevin/contracts';
import { bfloat16Product } from './bfloat16.js';
import { gradientsWithin, isRecording, withGradient } from './custom-gradient.js';
import { fusedKernel } from './fused-kernel.js';

/**
 * 3×3 convolution by the backend's kernel for minimal filtering (Winograd's F(4×4, 3×3), Lavin & Gray 2016): a quarter of the
 * multiplications. Undefined where the backend has none, or where it does not serve this filter.
 *
 * @param x [B, H, W, C]
 * @param filter [3, 3, C, O]
 * @param bias [O], if any
 */
export function minimalConvolution(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D | undefined, attributes: Conv2DKernelAttributes): tf.Tensor4D | undefined {
  const run = fusedKernel<Conv2DKernelAttributes>(fusedKernels.conv2d);
  const inputGradient = fusedKernel<Conv2DKernelAttributes>(fusedKernels.conv2dInputGrad);
  const filterGradient = fusedKernel<Conv2DKernelAttributes>(fusedKernels.conv2dFilterGrad);
  if (!run || !inputGradient || !filterGradient || !isServed(x, filter)) return undefined;
  return withGradient<tf.Tensor4D>(
    bias === undefined ? [x, filter] : [x, filter, bias],
    (save) => {
      save(x, filter);
      const [y] = run({ x, filter, bias: bias ?? tf.scalar(0) }, attributes);
      return y as tf.Tensor4D;
    },
    (dy, [ofX, ofFilter]) => {
      const biasGradient = bias === undefined ? [] : [tf.sum(dy, [0, 1, 2])];
      // A gradient that is to be differentiated again is made of operations that have one.
      if (isRecording()) return [...gradientsWithin(() => plain(ofX as tf.Tensor4D, ofFilter as tf.Tensor4D, attributes), [ofX!, ofFilter!], dy), ...biasGradient];
      const [dx] = inputGradient({ dy, filter: ofFilter! }, attributes);
      const [dFilter] = filterGradient({ x: ofX!, dy }, attributes);
      return [dx!, dFilter!, ...biasGradient];
    },
  );
}

/** Channels in eights; below three pixels a side there is nothing to save. */
function isServed(x: tf.Tensor4D, filter: tf.Tensor4D): boolean {
  const [rows, columns, inputs, outputs] = filter.shape;
  const [, height, width] = x.shape;
  return rows === 3 && columns === 3 && inputs % 8 === 0 && outputs % 8 === 0 && height > 2 && width > 2;
}

function plain(x: tf.Tensor4D, filter: tf.Tensor4D, { doubled, rounded }: Conv2DKernelAttributes): tf.Tensor4D {
  const [, height, width] = x.shape;
  const multiply = (images: tf.Tensor4D, by: tf.Tensor4D) => tf.conv2d(doubled ? tf.image.resizeNearestNeighbor(images, [2 * height, 2 * width]) : images, by, 1, 'same');
  return rounded ? bfloat16Product(x, filter, multiply) : multiply(x, filter);
}
