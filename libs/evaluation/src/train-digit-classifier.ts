import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { permutation } from '@langevin/datasets';
import type { PointSet } from '@langevin/diffusion-core/metrics';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { convolutionalNetwork, HIDDEN, type ConvolutionalNetwork } from './convolutional-network.js';
import { imageCount, imageSize, type ImageSet } from './image-set.js';
import { nesterovDescent, type NesterovDescent } from './nesterov-descent.js';
import { shiftedCopy } from './shifted-copy.js';

/** What an extractor says of images, a row an image. A distance between features means nothing without the name of what made them. */
export interface ImageFeatures extends PointSet {
  readonly extractor: string;
}

/** A trained classifier. It holds tensors until `dispose`. */
export interface DigitClassifier {
  /** The most likely class of each of the images [n, h, w, c] in [−1, 1], flattened. */
  predict(images: Float32Array): Promise<Uint8Array>;
  /** What the hidden layer says of them, named after the classifier's seed: for distances between sets of images. */
  features(images: Float32Array): Promise<ImageFeatures>;
  /** Share of images that get their own label. */
  accuracy(heldOut: ImageSet): Promise<number>;
  /** Frees the weights. */
  dispose(): void;
}

/** How a classifier is trained. */
export interface ClassifierOptions {
  /** First weights, order and shifts of the images follow from it. @default 0 */
  readonly seed?: number;
  /** Times that each image is seen. @default 5 */
  readonly epochs?: number;
  /** Told after each epoch. */
  readonly onProgress?: (progress: ClassifierProgress) => void;
  /** Ends the training early with `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Where a training of a classifier stands. */
export interface ClassifierProgress {
  /** Epochs that are done. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean cross-entropy of the epoch, in nats. */
  readonly loss: number;
}

const BATCH = 64;
const PREDICT_BATCH = 250;
const PEAK_RATE = 0.05;
const MOMENTUM = 0.9;
/** Images are moved by up to this many pixels each way, as handwriting may be. */
const MAX_SHIFT = 2;
const BACKGROUND = -1;

/**
 * Trains a small convolutional classifier on images with their classes: an examiner of samples that shares nothing with
 * the model that drew them. On one backend with one number of threads the same seed gives the same weights.
 *
 * Stochastic gradient descent with Nesterov's momentum; the learning rate rises over the first tenth and falls to 0.
 *
 * @throws LangevinError `invalid_argument` for data or options that do not fit; `cancelled`
 */
export async function trainDigitClassifier(train: ImageSet, options: ClassifierOptions = {}): Promise<DigitClassifier> {
  const { seed = 0, epochs = 5 } = options;
  const count = imageCount(train, 'training images');
  if (!Number.isInteger(epochs) || epochs < 1) throw new LangevinError('invalid_argument', `epochs ${epochs} is not an integer of at least 1`);
  const classes = Math.max(...Array.from(train.labels)) + 1;
  const network = convolutionalNetwork(train.imageShape, classes, seed);
  const descent = nesterovDescent(network.weights, MOMENTUM);
  const steps = Math.ceil(count / BATCH);
  try {
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const imageAt = permutation(seed, epoch, count);
      let loss = 0;
      for (let step = 0; step < steps; step += 1) {
        options.signal?.throwIfAborted();
        const indices = Array.from({ length: Math.min(BATCH, count - step * BATCH) }, (_, row) => imageAt(step * BATCH + row));
        const batch = batchOf(train, indices, seed, epoch);
        loss += trainStep(network, descent, batch, classes, learningRate((epoch * steps + step) / (epochs * steps)));
        await setImmediate();
      }
      options.onProgress?.({ epoch: epoch + 1, epochs, loss: loss / steps });
    }
  } catch (thrown) {
    network.dispose();
    if (options.signal?.aborted) throw new LangevinError('cancelled', 'the training of the classifier was cancelled', { cause: thrown });
    throw thrown;
  } finally {
    descent.dispose();
  }
  return classifier(network, seed);
}

function learningRate(progress: number): number {
  return PEAK_RATE * Math.min((progress + 0.01) / 0.1, (1 - progress) / 0.9);
}

interface Batch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** The images with these indices, each moved by the shift of (seed, epoch, index), and their classes. */
function batchOf(train: ImageSet, indices: readonly number[], seed: number, epoch: number): Batch {
  const images = new Float32Array(indices.length * imageSize(train.imageShape));
  indices.forEach((index, row) => {
    const stream = new PhiloxStream({ seed, purpose: 'augmentation', step: epoch, sample: index });
    const shift = () => stream.uniformInt(2 * MAX_SHIFT + 1) - MAX_SHIFT;
    shiftedCopy(train.images, index, images, row, train.imageShape, [shift(), shift()], BACKGROUND);
  });
  return { images, labels: Int32Array.from(indices, (index) => train.labels[index]!) };
}

function trainStep(network: ConvolutionalNetwork, descent: NesterovDescent, batch: Batch, classes: number, rate: number): number {
  return tf.tidy(() => {
    const images = tf.tensor4d(batch.images, [batch.labels.length, ...network.imageShape]);
    const targets = tf.oneHot(tf.tensor1d(batch.labels, 'int32'), classes);
    return descent.step(() => tf.losses.softmaxCrossEntropy(targets, network.logits(images)), rate);
  });
}

function classifier(network: ConvolutionalNetwork, seed: number): DigitClassifier {
  const { imageShape } = network;
  const size = imageSize(imageShape);
  /** What the network says of all images, batch by batch. */
  const read = async (images: Float32Array, ask: (batch: tf.Tensor4D) => tf.Tensor, take: (values: ArrayLike<number>, first: number) => void): Promise<void> => {
    if (images.length % size !== 0) {
      throw new LangevinError('invalid_argument', `${images.length} values are no whole number of [${imageShape.join(', ')}] images`);
    }
    for (let first = 0; first * size < images.length; first += PREDICT_BATCH) {
      const part = images.subarray(first * size, (first + PREDICT_BATCH) * size);
      const said = tf.tidy(() => ask(tf.tensor4d(part, [part.length / size, ...imageShape])));
      take(await said.data(), first);
      said.dispose();
    }
  };
  const predict = async (images: Float32Array): Promise<Uint8Array> => {
    const labels = new Uint8Array(images.length / size);
    await read(images, (batch) => tf.argMax(network.logits(batch), 1), (values, first) => labels.set(values, first));
    return labels;
  };
  return {
    predict,
    async features(images) {
      const data = new Float32Array((images.length / size) * HIDDEN);
      await read(images, network.features, (values, first) => data.set(values, first * HIDDEN));
      return { data, dimensions: HIDDEN, extractor: `hidden layer of the digit classifier ${seed}` };
    },
    async accuracy(heldOut) {
      const count = imageCount(heldOut, 'held-out images');
      const labels = await predict(heldOut.images);
      return labels.filter((label, index) => label === heldOut.labels[index]).length / count;
    },
    dispose: () => network.dispose(),
  };
}
