import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Denoiser } from '../parameterizations/denoiser.js';
import { compose } from './compose.js';
import type { Guidance } from './guidance.js';
import { staticThreshold } from './static-threshold.js';
import { withinInterval } from './within-interval.js';

const plain: Denoiser = (x) => tf.mul(1, x);
const doubled: Guidance = (denoiser) => (x, t) => tf.tidy(() => tf.mul(2, denoiser(x, t)));
const values = (denoiser: Denoiser, x: number[][], t: number[]) => tf.tidy(() => denoiser(tf.tensor2d(x), tf.tensor1d(t)).arraySync());

describe('compose', () => {
  it('puts each guidance around those before it', () => {
    expect(values(compose(doubled, staticThreshold(1))(plain), [[0.8]], [1])).toEqual([[1]]);
    const [[inside]] = values(compose(staticThreshold(0.5), doubled)(plain), [[0.8]], [1]) as [[number]];
    expect(inside).toBe(1);
    expect(values(compose(staticThreshold(0.5), doubled, doubled)(plain), [[0.8]], [1])).toEqual([[2]]);
  });

  it('of nothing is the denoiser', () => {
    expect(compose()(plain)).toBe(plain);
  });
});

describe('withinInterval', () => {
  it('guides the samples whose time lies in the interval, its ends too', () => {
    const guided = withinInterval(doubled, { from: 10, to: 20 })(plain);
    expect(values(guided, [[1, 2], [1, 2], [1, 2], [1, 2]], [9, 10, 20, 21])).toEqual([[1, 2], [2, 4], [2, 4], [1, 2]]);
    expect(values(withinInterval(doubled, { from: 5, to: 5 })(plain), [[3]], [5])).toEqual([[6]]);
  });

  it('keeps the shape of images and leaves only its result behind', () => {
    const [x, t] = [tf.ones([2, 3, 3, 1]), tf.tensor1d([0, 15])];
    const before = tf.memory().numTensors;
    const result = withinInterval(doubled, { from: 10, to: 20 })(plain)(x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect([...result.dataSync()]).toEqual([...new Array<number>(9).fill(1), ...new Array<number>(9).fill(2)]);
    tf.dispose([x, t, result]);
  });

  it.each([[2, 1], [Number.NaN, 1]])('refuses the interval from %d to %d', (from, to) => {
    expect(() => withinInterval(doubled, { from, to })).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`got ${from} to ${to}`) }));
  });
});
