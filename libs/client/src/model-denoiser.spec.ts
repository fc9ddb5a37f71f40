import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '@langevin/diffusion-core';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { diffusionModel } from './diffusion-model.js';
import { noisyClassifier } from './noisy-classifier.js';
import { plannedModel } from './planned-model.js';
import { tinyCheckpoint, tinyClassifier } from './testing/tiny-checkpoint.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const images = (count: number) => tf.randomNormal([count, 4, 4, 1], 0, 1, 'float32', 7);
const times = (count: number) => tf.tensor1d(Array.from({ length: count }, (_, i) => 3 + 90 * i));
const difference = (a: tf.Tensor, b: tf.Tensor) => tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]! / tf.max(tf.abs(b)).dataSync()[0]!);

native('the denoiser of a model', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  /** What the network says operation by operation. */
  function eager(labels: readonly number[], x: tf.Tensor, t: tf.Tensor1D): tf.Tensor {
    const { model, dispose } = plannedModel(tinyCheckpoint().spec, tinyCheckpoint().parameters);
    const result = tf.tidy(() => model.denoise(tf.tensor1d([...labels], 'int32'))(x, t));
    dispose();
    return result;
  }

  it.each([1, 3, 11])('is the network with the null label, for %d images', (count) => {
    const model = diffusionModel(tinyCheckpoint());
    const nothing = model.checkpoint.spec.model.num_class_embeds! - 1;
    const [x, t] = [images(count), times(count)];
    using denoiser = model.denoiser();
    expect(difference(denoiser.denoise(x, t), eager(new Array<number>(count).fill(nothing), x, t))).toBeLessThan(1e-5);
    model.dispose();
  });

  it('is told the label of each image, and refuses a batch of another size', () => {
    const model = diffusionModel(tinyCheckpoint());
    using denoiser = model.denoiser({ labels: [2, 0, 1] });
    expect(difference(denoiser.denoise(images(3), times(3)), eager([2, 0, 1], images(3), times(3)))).toBeLessThan(1e-5);
    expect(() => denoiser.denoise(images(2), times(2))).toThrow(expect.objectContaining({ code: 'invalid_argument', message: 'a batch of 2 images, but labels or conditions of 3' }));
    expect(() => model.denoiser({ labels: [2, 0, 1], conditions: { y: images(2) } })).toThrow('labels and conditions are of 3 and 2 images');
    model.dispose();
  });

  it('is wrapped by a guidance that knows something of each image, and takes a gradient through the network', () => {
    const model = diffusionModel(tinyCheckpoint());
    const [x, y, t] = [images(9), tf.mul(2, images(9)), times(9)];
    const guide = (inner: Denoiser, { y: wanted }: Readonly<Record<string, tf.Tensor>>): Denoiser => (at, time) => {
      const distance = (z: tf.Tensor) => tf.sum<tf.Scalar>(tf.squaredDifference(inner(z, time), wanted!));
      return tf.sub(inner(at, time), tf.mul(0.1, tf.grad(distance)(at)));
    };
    using denoiser = model.denoiser({ conditions: { y }, guide });
    const planned = plannedModel(tinyCheckpoint().spec, tinyCheckpoint().parameters);
    const labels = tf.fill([9], 3, 'int32') as tf.Tensor1D;
    expect(difference(denoiser.denoise(x, t), guide(planned.model.denoise(labels), { y })(x, t))).toBeLessThan(1e-4);
    planned.dispose();
    model.dispose();
  });

  it('refines the images of low resolution that it is given, under guidance too', () => {
    const checkpoint = tinyCheckpoint(1, { num_class_embeds: 4, in_channels: 2, out_channels: 2, low_resolution: { factor: 2 } });
    const model = diffusionModel(checkpoint);
    expect(model.imageShape).toEqual([4, 4, 1]);
    const [x, t, lowResolution] = [images(9), times(9), tf.randomNormal<tf.Rank.R4>([9, 2, 2, 1], 0, 1, 'float32', 8)];
    const labels = Array.from({ length: 9 }, (_, i) => i % 3);
    using denoiser = model.denoiser({ labels, guidanceScale: 3, lowResolution });
    const planned = plannedModel(checkpoint.spec, checkpoint.parameters);
    const told = (of: number[]) => planned.model.denoise(tf.tensor1d(of, 'int32'), lowResolution)(x, t);
    const [none, asked] = [told(labels.map(() => 3)), told(labels)];
    const guided = denoiser.denoise(x, t);
    expect(guided.shape).toEqual([9, 4, 4, 1]);
    expect(difference(guided, tf.add(none, tf.mul(3, tf.sub(asked, none))))).toBeLessThan(1e-4);
    using other = model.denoiser({ labels, guidanceScale: 3, lowResolution: tf.neg(lowResolution) });
    expect(difference(other.denoise(x, t), guided)).toBeGreaterThan(1e-3);
    expect(() => model.denoiser({ labels: [0], lowResolution })).toThrow('labels and conditions are of 1 and 9 images');
    using without = model.denoiser();
    expect(() => without.denoise(x, t)).toThrow('images of low resolution are missing: the network is told of [');
    planned.dispose();
    model.dispose();
  });

  it('leaves only its results behind', () => {
    const before = tf.memory().numTensors;
    const [model, classifier] = [diffusionModel(tinyCheckpoint()), noisyClassifier(tinyClassifier())];
    const [x, t] = [images(3), times(3)];
    {
      using denoiser = model.denoiser({ labels: [0, 1, 2], classifier, classifierScale: 2 });
      for (let call = 0; call < 2; call++) denoiser.denoise(x, t).dispose();
    }
    model.dispose();
    classifier.dispose();
    tf.dispose([x, t]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
