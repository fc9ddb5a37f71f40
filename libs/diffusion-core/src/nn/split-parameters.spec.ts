import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { parameterLayout } from './parameter-layout.js';
import { concatGradients, splitParameters } from './split-parameters.js';

const layout = parameterLayout([
  { name: 'a', kind: 'matrix', shape: [2, 3], fanIn: 2 },
  { name: 'b', kind: 'bias', shape: [3], fanIn: 2 },
]);

describe('splitParameters and concatGradients', () => {
  it('are inverse to each other and leave nothing else behind', () => {
    const flat = tf.range(0, 9);
    const before = tf.memory().numTensors;
    const pieces = splitParameters(flat, layout);
    expect(pieces.map((piece) => piece.shape)).toEqual([[2, 3], [3]]);
    const joined = concatGradients(pieces, layout);
    expect(Array.from(joined.dataSync())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    tf.dispose([pieces, joined]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('say which length or tensor does not fit', () => {
    expect(() => splitParameters(tf.zeros([8]), layout)).toThrow('the parameter vector has 8 numbers, the layout 9');
    expect(() => concatGradients([tf.zeros([6])], layout)).toThrow('got 1 gradients, the layout has 2 parameters');
    expect(() => concatGradients([tf.zeros([6]), tf.zeros([4])], layout)).toThrow('the gradient of b has 4 numbers instead of 3');
  });
});
