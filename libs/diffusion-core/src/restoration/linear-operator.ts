import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';

/** What was measured of an image, as a linear function A of it whose rows are orthogonal and equally long: AAᵀ = rowNorm·I. */
export interface LinearOperator {
  /** A·x₀: a new tensor. Differentiable in x₀. */
  readonly apply: (x0: tf.Tensor) => tf.Tensor;
  /** Aᵀ·y: a new tensor. */
  readonly transpose: (y: tf.Tensor) => tf.Tensor;
  readonly rowNorm: number;
}

/**
 * Inpainting: the pixels where the mask is 1; the others come out as 0.
 * @param mask zeros and ones, broadcast to the images; kept, and must outlive the operator
 */
export function maskOperator(mask: tf.Tensor): LinearOperator {
  const apply = (x: tf.Tensor): tf.Tensor => tf.mul(mask, x);
  return { apply, transpose: apply, rowNorm: 1 };
}

/**
 * Super-resolution: the means of squares of factor × factor pixels of images [B, height, width, channels].
 * @throws LangevinError `invalid_argument` unless factor is a whole number of at least 2; when it is applied, for images whose sides are no multiples of it
 */
export function averageOperator(factor: number): LinearOperator {
  if (!Number.isInteger(factor) || factor < 2) throw new LangevinError('invalid_argument', `a factor of super-resolution is a whole number of at least 2, got ${factor}`);
  return {
    apply: (x0) =>
      tf.tidy(() => {
        const [, height = 0, width = 0] = x0.shape;
        if (height % factor !== 0 || width % factor !== 0) throw new LangevinError('invalid_argument', `images of ${height} × ${width} pixels have no squares of ${factor} × ${factor}`);
        return tf.avgPool(x0 as tf.Tensor4D, factor, factor, 'valid');
      }),
    transpose: (y) => tf.tidy(() => tf.div(repeated(y, factor), factor * factor)),
    rowNorm: 1 / (factor * factor),
  };
}

/** Each pixel factor × factor times, [B, height, width, channels]: a new tensor. */
export function repeated(images: tf.Tensor, factor: number): tf.Tensor {
  return tf.tidy(() => {
    const [batch = 0, height = 0, width = 0, channels = 0] = images.shape;
    const apart = tf.reshape(images, [batch, height, 1, width, channels]);
    const rows = tf.reshape(tf.tile(apart, [1, 1, factor, 1, 1]), [batch, height * factor, width, 1, channels]);
    return tf.reshape(tf.tile(rows, [1, 1, 1, factor, 1]), [batch, height * factor, width * factor, channels]);
  });
}
