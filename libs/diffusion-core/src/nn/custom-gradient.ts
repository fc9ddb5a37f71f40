import * as tf from '@tensorflow/tfjs-core';

/** Keeps tensors until the backward pass, which receives them in this order. */
export type Save = (...tensors: tf.Tensor[]) => void;

/**
 * An operation with a gradient of its own. `forward` computes the result and saves what `backward` needs; `backward`
 * returns one gradient for each of `inputs`, in their order and shapes.
 *
 * Saved *inputs* stay linked to the computation that made them, saved intermediate results do not: a `backward` that
 * is to be differentiated again must start from saved inputs (see `isRecording`).
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (save: Save) => T,
  backward: (dy: T, saved: tf.Tensor[]) => tf.Tensor[],
): T {
  const operation = tf.customGrad<T>((...args) => {
    // tfjs passes the save function behind the inputs, typed as a union with Tensor.
    const saveList = args[args.length - 1] as tf.GradSaveFunc;
    return { value: forward((...tensors) => saveList(tensors)), gradFunc: backward };
  });
  return operation(...inputs);
}

/**
 * Whether operations are being recorded for a gradient at this moment. Inside a backward function it means that the
 * gradient itself is being differentiated.
 */
export function isRecording(): boolean {
  return tf.engine().state.gradientDepth > 0;
}

/**
 * Gradients of ⟨f(), dy⟩ with respect to `xs`, which all matter to it, inside a backward function. The caller owns them; nothing else is
 * left behind.
 */
export function gradientsWithin(f: () => tf.Tensor, xs: readonly tf.Tensor[], dy: tf.Tensor): tf.Tensor[] {
  const engine = tf.engine();
  // tfjs has one tape, and clears it after gradients of first order: the outer one, which is being read, is put back.
  const { activeTape } = engine.state;
  try {
    return tf.tidy(() => engine.gradients(f, [...xs], dy).grads);
  } finally {
    engine.state.activeTape = activeTape;
  }
}
