import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { PhiloxStream } from '../rng/index.js';
import { bfloat16Product, toBfloat16 } from './bfloat16.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';
import { nearestBfloat16 } from './testing/nearest-bfloat16.js';

const roundedBy = (x: Float32Array) => toBfloat16(tf.tensor1d(x)).dataSync<'float32'>();
const multiply = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.matMul(a, b);

/** The float32 numbers with these bits. */
function fromBits(count: number, bitsOf: (index: number) => number): Float32Array {
  return new Float32Array(Uint32Array.from({ length: count }, (_, index) => bitsOf(index)).buffer);
}

describe('toBfloat16', () => {
  it('rounds what falls between to the nearest, whatever its size and sign', () => {
    const stream = new PhiloxStream({ seed: 91, purpose: 'noise' });
    const x = stream.fillNormal(new Float32Array(20_000)).map((value, i) => value * 2 ** ((i % 200) - 100));
    expect(roundedBy(x)).toEqual(x.map(nearestBfloat16));
  });

  it('rounds every tie to the even one, and the neighbours of every tie to the nearer one', () => {
    // All 128 significands of two neighbouring exponents, which the carry of the last one crosses; with 0, half a unit, and one float32 less and more than that.
    for (const sign of [0, 0x8000_0000]) {
      for (const rest of [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff]) {
        const x = fromBits(256, (index) => (sign | (0x3f80_0000 + (index << 16)) | rest) >>> 0);
        expect(roundedBy(x)).toEqual(x.map(nearestBfloat16));
      }
    }
  });

  it('keeps 0, and bfloat16 numbers from 2⁻¹²⁶ to 2¹¹¹; NaN stays NaN', () => {
    const kept = Float32Array.of(0, 1, -1.5, 255, 2 ** -126, -(2 ** 111), 0.0078125);
    expect(roundedBy(kept)).toEqual(kept);
    expect(roundedBy(Float32Array.of(NaN))).toEqual(Float32Array.of(NaN));
  });

  it('lets gradients through as they are, and leaves nothing behind', () => {
    const x = normalTensor<tf.Rank.R1>([50], 92);
    const dy = normalTensor<tf.Rank.R1>([50], 93);
    const before = tf.memory().numTensors;
    const dx = tf.tidy(() => tf.grad((v: tf.Tensor) => tf.sum(tf.mul(toBfloat16(v), dy)))(x));
    expect(dx.dataSync()).toEqual(dy.dataSync());
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

describe('bfloat16Product', () => {
  const a = normalTensor<tf.Rank.R2>([5, 7], 94);
  const b = normalTensor<tf.Rank.R2>([7, 3], 95);
  const dy = normalTensor<tf.Rank.R2>([5, 3], 96);
  const [roundedA, roundedB, roundedDy] = [a, b, dy].map((x) => tf.tensor2d(x.dataSync<'float32'>().map(nearestBfloat16), x.shape)) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

  it('multiplies rounded numbers, forward and in both gradients', () => {
    expect(bfloat16Product(a, b, multiply).dataSync()).toEqual(tf.matMul(roundedA, roundedB).dataSync());
    const [da, db] = tf.grads((x, y) => tf.sum(tf.mul(dy, bfloat16Product(x as tf.Tensor2D, y as tf.Tensor2D, multiply))))([a, b]);
    expect(da!.dataSync()).toEqual(tf.matMul(roundedDy, roundedB, false, true).dataSync());
    expect(db!.dataSync()).toEqual(tf.matMul(roundedA, roundedDy, true, false).dataSync());
  });

  it('has a gradient that can be differentiated again', () => {
    // A square, so that the gradient depends on a; what is rounded is as coarse as 2⁻⁸.
    const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.square(bfloat16Product(x as tf.Tensor2D, roundedB, multiply))));
    const exact = tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.matMul(x as tf.Tensor2D, roundedB))));
    const second = directionalDerivative((x) => tf.sum(tf.square(slope(x))), a, 97).backward;
    expect(Math.abs(second / directionalDerivative((x) => tf.sum(tf.square(exact(x))), a, 97).backward - 1)).toBeLessThan(0.02);
  });
});
