import * as tf from '@tensorflow/tfjs-core';

/** x [B, H, W, C] at another height and width, at least 2 each, bilinearly between its corners (PyTorch's `align_corners=True`). A product of matrices, whose gradient every backend has. */
export function stretched(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const [batch, rows, columns, channels] = x.shape;
  if (rows === height && columns === width) return x;
  const lines = tf.reshape<tf.Rank.R2>(tf.transpose(x, [0, 3, 1, 2]), [batch * channels * rows, columns]);
  const wide = tf.reshape(tf.matMul(lines, weights(columns, width)), [batch * channels, rows, width]);
  const turned = tf.reshape<tf.Rank.R2>(tf.transpose(wide, [0, 2, 1]), [batch * channels * width, rows]);
  return tf.transpose(tf.reshape(tf.matMul(turned, weights(rows, height)), [batch, channels, width, height]), [0, 3, 2, 1]);
}

/** [from, to]: what each of `from` pixels gives to each of `to`. */
function weights(from: number, to: number): tf.Tensor2D {
  const place = (pixel: number) => (pixel * (from - 1)) / (to - 1);
  const values = Array.from({ length: from }, (_, i) => Array.from({ length: to }, (_unused, j) => Math.max(0, 1 - Math.abs(place(j) - i))));
  return tf.tensor2d(values, [from, to]);
}
