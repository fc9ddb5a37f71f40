import * as tf from '@tensorflow/tfjs-core';
import { loadTensorFlow } from '../load/load-tensorflow.js';

type Values = Float32Array | Int32Array | Uint8Array;

beforeAll(async () => {
  await loadTensorFlow({ backend: 'cpu' });
  const runtime = await loadTensorFlow({ backend: 'wasm' });
  expect(runtime).toMatchObject({ kind: 'wasm', backend: 'wasm 4.22.0', fast: false });
});

/** Switches between backends that have started: tfjs does that at once, and only its type says otherwise. */
const use = (backend: string) => void tf.setBackend(backend);

/** Computes the same on plain JavaScript and on WebAssembly, and demands 1e-4 relative to the largest value. */
function expectSameOnBoth(compute: () => tf.Tensor): void {
  const [want, got] = ['cpu', 'wasm'].map((backend) => {
    use(backend);
    return tf.tidy(() => {
      const result = compute();
      return { shape: result.shape, values: result.dataSync<'float32'>() as Values };
    });
  });
  if (!want || !got) throw new Error('two backends give two results');
  expect(got.shape).toEqual(want.shape);
  const scale = Math.max(1, ...want.values);
  got.values.forEach((value, i) => expect(Math.abs(value - (want.values[i] ?? NaN)) / scale).toBeLessThan(1e-4));
}

const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

describe('the filter gradient of a convolution on WebAssembly', () => {
  const strides: (number | [number, number])[] = [1, 2, [2, 1], 3];
  const pads: ('same' | 'valid' | number)[] = ['same', 'valid', 1, 2];
  const filters: [number, number][] = [[1, 1], [3, 3], [2, 3], [4, 4]];
  const all = strides.flatMap((stride) => pads.flatMap((pad) => filters.map((filter) => ({ stride, pad, filter }))));
  // With one number as padding tfjs itself takes filter and stride to be square, and its forward kernel writes out of bounds.
  const cases = all.filter(({ stride, pad, filter }) => typeof pad !== 'number' || (!Array.isArray(stride) && filter[0] === filter[1]));

  it.each(cases)('equals plain JavaScript for $filter taps, stride $stride and padding $pad', ({ stride, pad, filter }) => {
    expectSameOnBoth(() => {
      const x = normal([2, 7, 6, 3], 11) as tf.Tensor4D;
      const w = normal([...filter, 3, 4], 12) as tf.Tensor4D;
      const y = tf.conv2d(x, w, stride, pad);
      const dy = normal(y.shape, 13) as tf.Tensor4D;
      return tf.grad((weights: tf.Tensor) => tf.sum(tf.mul(tf.conv2d(x, weights as tf.Tensor4D, stride, pad), dy)))(w);
    });
  });

  it('equals plain JavaScript for unequal explicit padding, filters and strides', () => {
    const pad: [[number, number], [number, number], [number, number], [number, number]] = [[0, 0], [0, 1], [2, 1], [0, 0]];
    expectSameOnBoth(() => {
      const x = normal([2, 5, 6, 2], 21) as tf.Tensor4D;
      const w = normal([2, 3, 2, 3], 22) as tf.Tensor4D;
      return tf.grad((weights: tf.Tensor) => tf.sum(tf.square(tf.conv2d(x, weights as tf.Tensor4D, [2, 1], pad))))(w);
    });
  });

  it('keeps no tensor but its result', () => {
    use('wasm');
    tf.tidy(() => {
      const x = normal([1, 4, 4, 2], 1) as tf.Tensor4D;
      const w = normal([3, 3, 2, 2], 2) as tf.Tensor4D;
      const before = tf.memory().numTensors;
      tf.dispose(tf.grad((weights: tf.Tensor) => tf.sum(tf.conv2d(x, weights as tf.Tensor4D, 1, 'same')))(w));
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe('the gradient of max pooling on WebAssembly', () => {
  it.each([['same', 2], ['valid', 1], ['valid', 3]] as const)('equals plain JavaScript for padding %s and stride %d', (pad, stride) => {
    expectSameOnBoth(() => {
      const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 3, stride, pad);
      const x = normal([2, 7, 6, 3], 15);
      const dy = normal(pool(x).shape, 16);
      return tf.grad((value: tf.Tensor) => tf.sum(tf.mul(pool(value), dy)))(x);
    });
  });

  it('sends the gradient to the first of equal elements', () => {
    use('wasm');
    const gradient = tf.tidy(() => tf.grad((x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')))(tf.ones([1, 2, 2, 2])).arraySync());
    expect(gradient).toEqual([[[[1, 1], [0, 0]], [[0, 0], [0, 0]]]]);
  });
});

describe('the gradient of nearest-neighbour resizing', () => {
  // Closed form: doubling copies each pixel four times, so its gradient is the sum over a block of 2×2.
  it.each(['cpu', 'wasm'])('is the sum over the copies of each pixel, in every image of a batch, on %s', (backend) => {
    use(backend);
    tf.tidy(() => {
      const dy = tf.reshape(tf.range(1, 1 + 3 * 4 * 4 * 2), [3, 4, 4, 2]) as tf.Tensor4D;
      const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 4]), dy)))(tf.ones([3, 2, 2, 2]));
      const blocks = tf.sum(tf.reshape(dy, [3, 2, 2, 2, 2, 2]), [2, 4]);
      expect(gradient.arraySync()).toEqual(blocks.arraySync());
    });
  });

  it.each([[7, 5, false], [3, 8, true], [2, 3, false]] as const)('equals WebAssembly for %d×%d, corners aligned: %s', (height, width, align) => {
    expectSameOnBoth(() => {
      const resize = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height, width], align);
      const dy = normal([2, height, width, 3], 17);
      return tf.grad((x: tf.Tensor) => tf.sum(tf.mul(resize(x), dy)))(normal([2, 4, 5, 3], 18));
    });
  });
});

describe('segment sums on WebAssembly', () => {
  it('equal plain JavaScript, with ids that repeat, that are absent and that are out of range', () => {
    expectSameOnBoth(() => tf.unsortedSegmentSum(normal([6, 2, 3], 31), tf.tensor1d([4, 0, 4, -1, 7, 0], 'int32'), 5));
  });

  it('give the gradient of an embedding look-up', () => {
    const labels = tf.tensor1d([3, 1, 3, 0], 'int32');
    expectSameOnBoth(() => tf.grad((table: tf.Tensor) => tf.sum(tf.square(tf.gather(table, labels.clone()))))(normal([5, 8], 41)));
  });
});

describe('a network on WebAssembly', () => {
  it('has a gradient for everything that a convolutional U-Net is made of', () => {
    const labels = [2, 0];
    expectSameOnBoth(() => {
      const x = normal([2, 4, 4, 2], 51) as tf.Tensor4D;
      const loss = (w: tf.Tensor) => {
        const table = tf.reshape(w, [18, 4]);
        const kernel = tf.reshape(w, [3, 3, 2, 4]) as tf.Tensor4D;
        const h = tf.mul(tf.conv2d(x, kernel, 1, 'same'), tf.sigmoid(tf.conv2d(x, kernel, 1, 'same'))) as tf.Tensor4D;
        const centred = tf.sub(h, tf.mean(h, [1, 2], true));
        const normed = tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), [1, 2], true), 1e-5))) as tf.Tensor4D;
        const embedded = tf.add(normed, tf.reshape(tf.gather(table, tf.tensor1d(labels, 'int32')), [2, 1, 1, 4])) as tf.Tensor4D;
        const up = tf.image.resizeNearestNeighbor(tf.avgPool(embedded, 2, 2, 'valid'), [4, 4]);
        const tokens = tf.reshape(tf.concat([up, embedded], 3), [2, 16, 8]);
        const attended = tf.matMul(tf.softmax(tf.matMul(tokens, tokens, false, true)), tokens);
        return tf.mean(tf.square(tf.add(tf.sum(tf.maxPool(up, 2, 2, 'same')), attended))) as tf.Scalar;
      };
      return tf.grad(loss)(tf.mul(normal([72], 52), 0.3));
    });
  });

  it('learns to copy its input through a strided and a nearest-neighbour layer, twice to the same bits', () => {
    const train = (): number[] => {
      use('wasm');
      const [down, up] = [61, 62].map((seed) => tf.variable(tf.mul(normal([3, 3, 1, 1], seed), 0.3)) as tf.Variable<tf.Rank.R4>);
      if (!down || !up) throw new Error('two filters were made');
      const x = tf.tidy(() => tf.image.resizeNearestNeighbor(normal([4, 4, 4, 1], 63) as tf.Tensor4D, [8, 8]));
      const optimizer = tf.train.adam(0.05);
      const losses = Array.from({ length: 60 }, () => tf.tidy(() => {
        const loss = optimizer.minimize(() => {
          const small = tf.conv2d(x, down, 2, 'same');
          const back = tf.conv2d(tf.image.resizeNearestNeighbor(small, [8, 8]), up, 1, 'same');
          return tf.mean(tf.square(tf.sub(back, x))) as tf.Scalar;
        }, true, [down, up]);
        return loss?.dataSync()[0] ?? NaN;
      }));
      tf.dispose([down, up, x]);
      optimizer.dispose();
      return losses;
    };
    const losses = train();
    expect(losses.at(-1)).toBeLessThan(0.25 * (losses[0] ?? NaN));
    expect(train()).toEqual(losses);
  });
});
