import * as tf from '@tensorflow/tfjs-core';
import { isRecording, withGradient } from './custom-gradient.js';

/**
 * Softmax over the last axis, with a gradient that can be differentiated once more (that of tfjs cannot).
 */
export function softmax<T extends tf.Tensor>(logits: T): T {
  return withGradient<T>(
    [logits],
    (save) => {
      const probabilities = tf.softmax(logits);
      save(logits, probabilities);
      return probabilities;
    },
    (dy, [input, output]) => {
      const p = isRecording() ? softmaxOfPrimitives(input!) : output!;
      const weighted = tf.mul(dy, p);
      return [tf.sub(weighted, tf.mul(p, tf.sum(weighted, -1, true)))];
    },
  );
}

function softmaxOfPrimitives(logits: tf.Tensor): tf.Tensor {
  const weights = tf.exp(tf.sub(logits, tf.max(logits, -1, true)));
  return tf.div(weights, tf.sum(weights, -1, true));
}
