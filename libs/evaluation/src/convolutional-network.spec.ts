import * as tf from '@tensorflow/tfjs-core';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { convolutionalNetwork } from './convolutional-network.js';

const shape = [28, 28, 1] as const;

beforeAll(() => loadTensorFlow({ backend: 'cpu' }));

describe('convolutionalNetwork', () => {
  it('draws its first weights from the seed alone, with variance 2 ÷ fan-in', () => {
    const networks = [3, 3, 4].map((seed) => convolutionalNetwork(shape, 10, seed));
    const [first, again, other] = networks.map(({ weights }) => weights.map((weight) => Array.from(weight.dataSync())));
    expect(again).toEqual(first);
    expect(other![0]).not.toEqual(first![0]);
    const hidden = first![4]!;
    const variance = hidden.reduce((sum, value) => sum + value * value, 0) / hidden.length;
    const expected = 2 / (7 * 7 * 32);
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / hidden.length));
    networks.forEach((network) => network.dispose());
  });

  it('gives each image logits that do not depend on the rest of its batch, and leaves nothing else behind', () => {
    const before = tf.memory().numTensors;
    const network = convolutionalNetwork([6, 5, 3], 4, 1);
    const images = tf.randomNormal<tf.Rank.R4>([3, 6, 5, 3], 0, 1, 'float32', 7);
    const logits = network.logits(images);
    const alone = tf.tidy(() => network.logits(tf.slice(images, [1, 0, 0, 0], [1, -1, -1, -1])));
    expect(logits.shape).toEqual([3, 4]);
    const [, row] = logits.arraySync();
    alone.arraySync()[0]!.forEach((value, index) => expect(value).toBeCloseTo(row![index]!, 5));
    tf.dispose([logits, alone, images]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
