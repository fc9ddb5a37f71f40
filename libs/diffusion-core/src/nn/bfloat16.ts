import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels } from '@langevin/contracts';
import { withGradient } from './custom-gradient.js';
import { fusedKernel } from './fused-kernel.js';

/**
 * A product of two tensors as mixed precision computes it (Micikevicius et al. 2018, "Mixed precision training"; Kalamkar et al. 2019, "A
 * study of bfloat16 for deep learning training"): its operands are rounded to bfloat16, and so is the gradient that comes back, which is an operand of both
 * gradients of the product. A product of two bfloat16 numbers is exact in float32, in which `multiply` adds them up.
 *
 * @param multiply computes the product, and has gradients that are products of `dy` and an operand
 */
export function bfloat16Product<A extends tf.Tensor, B extends tf.Tensor, Y extends tf.Tensor>(a: A, b: B, multiply: (a: A, b: B) => Y): Y {
  return withRoundedGradient(multiply(toBfloat16(a), toBfloat16(b)));
}

/**
 * Every number of x rounded to the nearest bfloat16, which has eight bits of significand; of two that are equally near to the one whose last bit is 0. The
 * result is float32. The gradient is that of the identity ("straight through").
 *
 * Numbers below 2⁻¹²⁶ may become 0, as they do in TensorFlow's products. Where the backend has no kernel for it, infinity and what exceeds 2¹¹¹ become
 * NaN: a training that has come so far has diverged.
 */
export function toBfloat16<T extends tf.Tensor>(x: T): T {
  return withGradient<T>([x], () => rounded(x), (dy) => [tf.clone(dy)]);
}

/** y itself, whose gradient is rounded on its way back. */
function withRoundedGradient<T extends tf.Tensor>(y: T): T {
  return withGradient<T>([y], () => tf.clone(y), (dy) => [toBfloat16(dy)]);
}

function rounded<T extends tf.Tensor>(x: T): T {
  const [y] = fusedKernel<Record<string, never>>(fusedKernels.toBfloat16)?.({ x }, {}) ?? [];
  return (y as T | undefined) ?? split(x); // Of the shape of x.
}

/**
 * The upper half of x as Dekker (1971) and Veltkamp split it, with 16 bits in the lower half. Adding 2¹⁶·x, which is exact, drops just the bits that bfloat16
 * lacks; a tie goes to an even last bit, because 2¹⁶·x ends in one.
 */
function split<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => {
    const high = tf.add<T>(tf.mul(x, 65_536), x);
    return tf.sub<T>(high, tf.sub(high, x));
  });
}
