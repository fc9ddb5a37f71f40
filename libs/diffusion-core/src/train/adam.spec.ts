import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { PhiloxStream } from '../rng/philox-stream.js';
import { adamScalars, adamStep, adamUpdate, type AdamOptions, type AdamState } from './adam.js';

const plain: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const start = (params: number[]): AdamState => ({
  params: tf.tensor1d(params),
  m: tf.zeros([params.length]),
  v: tf.zeros([params.length]),
  step: 0,
});
const gradients = (steps: number, size: number) =>
  Array.from({ length: steps }, (_, step) => new PhiloxStream({ seed: 3, purpose: 'noise', step }).fillNormal(new Float32Array(size)));

/** Algorithm 1 of Kingma & Ba (2015) for one parameter in float64, decoupled decay first as in AdamW. */
function scalarAdam(theta: number, grads: number[], lr: number, { beta1, beta2, epsilon, weightDecay }: AdamOptions): number {
  let [m, v] = [0, 0];
  grads.forEach((g, i) => {
    const t = i + 1;
    theta -= lr * weightDecay * theta;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    theta -= (lr * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
  });
  return theta;
}

describe('adamStep', () => {
  it.each([
    ['Adam', plain],
    ['AdamW', { ...plain, weightDecay: 0.1 }],
    ['other constants', { beta1: 0.5, beta2: 0.9, epsilon: 1e-2, weightDecay: 0 }],
  ])('follows the recursion of the paper in float64 over 40 steps: %s', (_, options) =>
    tf.tidy(() => {
      const theta = [0.5, -1, 2, 0];
      const grads = gradients(40, theta.length);
      let state = start(theta);
      for (const g of grads) state = adamStep(state, tf.tensor1d(g), 0.01, options);
      expect(state.step).toBe(40);
      state.params.dataSync().forEach((value, i) => {
        expect(
          Math.abs(
            value -
              scalarAdam(
                theta[i]!,
                grads.map((g) => g[i]!),
                0.01,
                options,
              ),
          ),
        ).toBeLessThan(2e-6);
      });
    }),
  );

  it('moves by lr·g/(|g| + ε) at first: ε stands outside the root', () =>
    tf.tidy(() => {
      const { params } = adamStep(start([0, 0]), tf.tensor1d([0.5, -3]), 0.1, { ...plain, epsilon: 0.25 });
      const [a, b] = params.dataSync();
      expect(a).toBeCloseTo((-0.1 * 0.5) / 0.75, 6);
      expect(b).toBeCloseTo((0.1 * 3) / 3.25, 6);
    }));

  it('stays where it is under a gradient of 0', () =>
    tf.tidy(() => {
      const { params, m, v } = adamStep(start([1.25, -7]), tf.zeros([2]), 0.1, plain);
      expect([...params.dataSync(), ...m.dataSync(), ...v.dataSync()]).toEqual([1.25, -7, 0, 0, 0, 0]);
    }));

  it('takes its scalars as numbers or tensors, with the same bits', () =>
    tf.tidy(() => {
      const state = start([0.3, 0.7]);
      const grad = tf.tensor1d([0.1, -0.2]);
      const options = { ...plain, weightDecay: 0.01 };
      const scalars = adamScalars(1, Math.fround(0.01), options);
      const tensors = {
        stepSize: tf.scalar(scalars.stepSize),
        rootCorrection: tf.scalar(scalars.rootCorrection),
        shrink: tf.scalar(scalars.shrink),
      };
      const [a, b] = [scalars, tensors].map((inputs) => adamUpdate(state, grad, inputs, options).params.dataSync());
      expect([...a!]).toEqual([...b!]);
    }));

  it('leaves three new vectors and keeps the old ones', () => {
    const [state, grad] = [start([1, 2]), tf.tensor1d([1, 1])];
    const before = tf.memory().numTensors;
    const next = adamStep(state, grad, 0.1, { ...plain, weightDecay: 0.1 });
    expect(tf.memory().numTensors).toBe(before + 3);
    expect(state.params.isDisposed || grad.isDisposed).toBe(false);
    tf.dispose([state.params, state.m, state.v, grad, next.params, next.m, next.v]);
  });
});

describe('adamScalars', () => {
  it('are float32 values of the bias corrections', () => {
    const { stepSize, rootCorrection, shrink } = adamScalars(2, 0.001, { ...plain, weightDecay: 0.1 });
    expect(stepSize).toBe(Math.fround(0.001 / 0.19));
    expect(rootCorrection).toBe(Math.fround(1 / Math.sqrt(1 - 0.999 * 0.999)));
    expect(shrink).toBe(Math.fround(0.9999));
  });

  it('tend to lr and 1', () => {
    expect(adamScalars(1_000_000, 0.5, plain)).toEqual({ stepSize: 0.5, rootCorrection: 1, shrink: 1 });
  });

  it.each([0, -1, 1.5])('refuse update %s', (t) => {
    expect(() => adamScalars(t, 0.1, plain)).toThrow(`from 1, got ${t}`);
  });
});
