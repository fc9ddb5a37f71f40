import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { checkpointed } from './checkpointed.js';
import { classifier2d } from './classifier2d.js';
import { classifierGradient } from './classifier-gradient.js';
import { leafGradient } from './leaf-gradient.js';
import { splitParameters } from './split-parameters.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';
import { batch } from './testing/tiny-batch.js';
import { tinyClassifierConfig } from './testing/tiny-classifier.js';
import { shakenParameters, tinyConfig } from './testing/tiny-unet.js';
import { unet2d } from './unet2d.js';

const image = normalTensor<tf.Rank.R4>([1, 2, 2, 3], 81);
const filter = normalTensor<tf.Rank.R4>([1, 1, 3, 3], 82);

describe('checkpointed', () => {
  it('computes its block once forwards, and once more for the gradient alone', () => {
    let calls = 0;
    const block = (x: tf.Tensor4D) =>
      checkpointed([x], [filter], ([given], [weights]) => {
        calls += 1;
        return tf.tanh(tf.conv2d(given!, weights as tf.Tensor4D, 1, 'same'));
      });
    const y = block(image);
    expect(calls).toBe(1);
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(block(x as tf.Tensor4D)))(image);
    expect(calls).toBe(3);
    const expected = tf.grad((x: tf.Tensor) => tf.sum(tf.tanh(tf.conv2d(x as tf.Tensor4D, filter, 1, 'same'))))(image);
    expect(gradient.dataSync()).toEqual(expected.dataSync());
    expect(y.dataSync()).toEqual(tf.tanh(tf.conv2d(image, filter, 1, 'same')).dataSync());
  });

  it('keeps its arguments alone for the gradient', () => {
    const block = (x: tf.Tensor4D) => tf.tanh(tf.square(tf.tanh(tf.square(tf.tanh(x)))));
    /** Tensors that are alive behind the block, when the backward pass is still to come. */
    const kept = (f: (x: tf.Tensor4D) => tf.Tensor4D): number => {
      let alive = 0;
      const before = tf.memory().numTensors;
      tf.dispose(
        tf.grad((x: tf.Tensor) => {
          const y = tf.tidy(() => f(x as tf.Tensor4D));
          alive = tf.memory().numTensors - before;
          return tf.sum(y);
        })(image),
      );
      expect(tf.memory().numTensors).toBe(before);
      return alive;
    };
    expect(kept((x) => checkpointed([x], [], ([given]) => block(given!)))).toBeLessThan(kept(block) - 3);
  });

  it('can be differentiated twice', () => {
    const block = (x: tf.Tensor) => checkpointed([x as tf.Tensor4D], [filter], ([given], [weights]) => tf.square(tf.conv2d(given!, weights as tf.Tensor4D, 1, 'same')));
    const steepness = (x: tf.Tensor) => tf.mean(tf.square(tf.grad((inner: tf.Tensor) => tf.sum(tf.mul(block(inner), inner)))(x)));
    const { backward, central } = directionalDerivative(steepness, image, 83);
    expect(Math.abs(central)).toBeGreaterThan(1);
    expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });

  // Where gradients meet, as behind a skip connection, they are added in another order.
  it('has the gradients of a U-Net up to rounding, and leaves nothing behind', () => {
    const [plain, frugal] = [unet2d(tinyConfig), unet2d(tinyConfig, { gradientCheckpointing: true })];
    const parameters = splitParameters(tf.tensor1d(shakenParameters(plain.layout, 71)), plain.layout);
    const before = tf.memory().numTensors;
    const [expected, got] = [leafGradient(plain, parameters, batch, 'epsilon'), leafGradient(frugal, parameters, batch, 'epsilon')];
    expect(tf.memory().numTensors).toBe(before + 4);
    expect(got.lossSum.dataSync()).toEqual(expected.lossSum.dataSync());
    expect(relativeDifference(got.gradient, expected.gradient)).toBeLessThan(1e-6);
  });

  it('has the gradients of a classifier up to rounding', () => {
    const [plain, frugal] = [classifier2d(tinyClassifierConfig), classifier2d(tinyClassifierConfig, { gradientCheckpointing: true })];
    const parameters = splitParameters(tf.tensor1d(shakenParameters(plain.layout, 74)), plain.layout);
    const [expected, got] = [classifierGradient(plain, parameters, batch), classifierGradient(frugal, parameters, batch)];
    expect(relativeDifference(got.gradient, expected.gradient)).toBeLessThan(1e-6);
  });
});

/** Largest difference, as a part of the largest number in `expected`. */
function relativeDifference(actual: tf.Tensor, expected: tf.Tensor): number {
  return Number(tf.div(tf.max(tf.abs(tf.sub(actual, expected))), tf.max(tf.abs(expected))).dataSync()[0]);
}
