import * as tf from '@tensorflow/tfjs-core';
import { classifierFreeBatched, classifierGuidance, ddim, ddpmProcess, splitParameters, timestepGrid, toDenoiser, unet2d, type Denoiser } from '@langevin/diffusion-core';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { CompiledDenoisers } from './compiled-denoisers.js';
import { diffusionModel } from './diffusion-model.js';
import type { BatchLabels } from './guided-denoiser.js';
import { noisyClassifier } from './noisy-classifier.js';
import { tinyCheckpoint, tinyClassifier } from './testing/tiny-checkpoint.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

/** Enough steps that a graph is worth while, and too few. */
const [many, few] = [100, 1];

native('compiled sampling', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  it('takes the steps that run operation by operation, with every guidance', () => {
    const { spec, parameters } = tinyCheckpoint();
    const network = unet2d(spec.model);
    const process = ddpmProcess(spec.process);
    const weights = tf.tidy(() => splitParameters(tf.tensor1d(parameters), network.layout));
    const classifier = noisyClassifier(tinyClassifier());
    const plain = (labels: tf.Tensor1D) => toDenoiser((x, t) => network.apply(weights, x as tf.Tensor4D, t, labels), process, spec.process.prediction_type); // Images.
    const kinds: Readonly<Record<string, (labels: BatchLabels) => Denoiser>> = {
      none: ({ told }) => plain(told!),
      classifierFree: ({ told }) => classifierFreeBatched((x, t, labels) => plain(labels)(x, t), told!, 3, 2),
      classifier: ({ told, wanted }) => classifierGuidance(classifier.logLikelihood(wanted!), process, 3)(plain(told!)),
    };
    const x = tf.randomNormal([5, 4, 4, 1], 0, 1, 'float32', 7);
    const [first] = timestepGrid(10, 'leading');
    for (const [kind, denoiserOf] of Object.entries(kinds)) {
      using denoisers = new CompiledDenoisers(denoiserOf, [4, 4, 1]);
      // The second batch has other labels, and the graph of the first.
      for (const asked of [[0, 1, 2, 1, 0], [2, 2, 1, 0, 0]]) {
        const labels: BatchLabels = { told: tf.tensor1d(asked, 'int32'), wanted: tf.tensor1d([...asked].reverse(), 'int32') };
        const [compiled, eager] = [many, few].map((steps) => ddim(denoisers.denoiser(5, labels, steps), process, [first!], x));
        const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(compiled!, eager!))).dataSync()[0]! / tf.max(tf.abs(eager!)).dataSync()[0]!);
        expect([kind, difference < 1e-5]).toEqual([kind, true]);
        tf.dispose([compiled!, eager!, labels.told!, labels.wanted!]);
      }
    }
    classifier.dispose();
    tf.dispose([x, ...weights]);
  }, 60_000);

  it('draws equal bits for equal options, and keeps nothing', async () => {
    const tensors = tf.memory().numTensors;
    const model = diffusionModel(tinyCheckpoint());
    const classifier = noisyClassifier(tinyClassifier());
    const kept = tf.memory().numTensors;
    const draw = async () => (await model.sample({ labels: [0, 1, 2, 1, 0], steps: 24, batchSize: 3, classifier, seed: 5 })).images;
    const first = await draw();
    expect(await draw()).toEqual(first);
    expect(first.every(Number.isFinite)).toBe(true);
    expect(tf.memory().numTensors).toBe(kept);
    model.dispose();
    classifier.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  }, 60_000);
});
