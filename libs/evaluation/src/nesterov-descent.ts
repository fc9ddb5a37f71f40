import * as tf from '@tensorflow/tfjs-core';

/** Stochastic gradient descent with a velocity for each weight. It holds tensors until `dispose`. */
export interface NesterovDescent {
  /** One step down the gradient of `loss`, a scalar; returns its value before the step. */
  step(loss: () => tf.Scalar, learningRate: number): number;
  dispose(): void;
}

/**
 * Gradient descent with Nesterov's momentum μ, as Sutskever et al. (2013), §3, in the form of Bengio et al. (2013),
 * eq. 7: v ← μv + g; w ← w − η(g + μv).
 *
 * @param weights changed in place; owned by the caller
 */
export function nesterovDescent(weights: readonly tf.Variable[], momentum: number): NesterovDescent {
  const velocities = weights.map((weight) => tf.tidy(() => tf.variable(tf.zerosLike(weight), false)));
  return {
    step: (loss, learningRate) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss, [...weights]);
        weights.forEach((weight, index) => {
          const gradient = grads[weight.name]!;
          const velocity = velocities[index]!;
          velocity.assign(tf.add(tf.mul(velocity, momentum), gradient));
          const descent = tf.add(gradient, tf.mul(velocity, momentum));
          weight.assign(tf.sub(weight, tf.mul(descent, learningRate)) as tf.Tensor);
        });
        return value.dataSync()[0]!;
      }),
    dispose: () => tf.dispose(velocities),
  };
}
