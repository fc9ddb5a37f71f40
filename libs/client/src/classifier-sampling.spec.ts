import * as tf from '@tensorflow/tfjs-core';
import { ancestralCoefficients, ddpmProcess, gaussianDenoiser, logLikelihoodGradient, timestepGrid } from '@langevin/diffusion-core';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { diffusionModel, type DiffusionModel } from './diffusion-model.js';
import { noisyClassifier, type NoisyClassifier } from './noisy-classifier.js';
import { compileSampleOptions, type SampleOptions } from './sample-options.js';
import { samplingNoise } from './sampling-noise.js';
import { samplingPlan } from './sampling-plan.js';
import { tinyCheckpoint, tinyClassifier } from './testing/tiny-checkpoint.js';
import { tinyClassifierSpec } from './testing/tiny-spec.js';

let model: DiffusionModel;
let classifier: NoisyClassifier;
beforeAll(async () => {
  await loadTensorFlow({ backend: 'cpu' });
  model = diffusionModel(tinyCheckpoint());
  classifier = noisyClassifier(tinyClassifier(7));
});

const labels = [0, 2, 1];
const [seed, steps] = [3, 2];
const count = labels.length;
const imageShape = [4, 4, 1] as const;
const images = async (options: SampleOptions = {}, of = model) => (await of.sample({ labels, seed, steps, ...options })).images;
const guided = (options: SampleOptions = {}, of = model) => images({ classifier, classifierScale: 5, ...options }, of);
/** Random weights blow images up: differences are measured against the largest value. */
function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const scale = Array.from(a).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0) / scale;
}

describe('a classifier that guides', () => {
  it('makes its labels likelier: the more, the larger γ is', async () => {
    const likelihoods = [];
    for (const classifierScale of [0, 5, 20]) {
      const drawn = await guided({ classifierScale });
      likelihoods.push(
        tf.tidy(() => tf.sum(classifier.logLikelihood(tf.tensor1d(labels, 'int32'))(tf.tensor4d(drawn, [count, ...imageShape]), tf.zeros([count]))).dataSync()[0]!),
      );
    }
    expect(likelihoods[1]).toBeGreaterThan(likelihoods[0]!);
    expect(likelihoods[2]).toBeGreaterThan(likelihoods[1]!);
  });

  it('guides a denoiser that is not told the label: at γ = 0 it draws as without labels', async () => {
    const { images: free } = await model.sample({ count, seed, steps });
    expect(await guided({ classifierScale: 0 })).toEqual(free);
    expect(await guided()).not.toEqual(free);
  });

  it('guides on top of classifier-free guidance when a guidanceScale is given', async () => {
    expect(await guided({ classifierScale: 0, guidanceScale: 2 })).toEqual(await images({ guidanceScale: 2 }));
    expect(await guided({ guidanceScale: 2 })).not.toEqual(await images({ guidanceScale: 2 }));
    expect(await guided({ guidanceScale: 1 })).not.toEqual(await guided());
  });

  it('moves x̂₀ by γσ²/α·∇ in one step of ddim', async () => {
    const step = timestepGrid(1, 'leading')[0]!;
    // One step ends in x̂₀ itself.
    const [free, moved] = [await guided({ steps: 1, classifierScale: 0 }), await guided({ steps: 1 })];
    const process = ddpmProcess(model.checkpoint.spec.process);
    const gradient = gradientAt(start(), step.t);
    const expected = free.map((value, i) => value + (5 * process.sigma(step.t) ** 2 * gradient[i]!) / process.alpha(step.t));
    expect(largestDifference(moved, expected)).toBeLessThan(1e-5);
  });

  it('moves the mean of a noisy step of ddpm by γΣ∇ in mean form', () => {
    const { spec } = tinyCheckpoint();
    const process = ddpmProcess(spec.process);
    const stepAfter = (classifierScale: number): Float32Array => {
      const options = compileSampleOptions({ labels, steps, sampler: 'ddpm', classifier, classifierScale, guidanceForm: 'mean' }, spec);
      const plan = samplingPlan({ config: spec.model, process, denoise: () => gaussianDenoiser(process, { mean: 0, variance: 1 }) }, options);
      return plan.batch(0, count).steps(start(), () => tf.zeros([count, ...imageShape])).next().value.dataSync<'float32'>();
    };
    const step = timestepGrid(steps, 'leading')[0]!;
    const { noise } = ancestralCoefficients(process, step, 'fixed_small');
    const gradient = gradientAt(start(), step.t);
    const expected = stepAfter(0).map((value, i) => value + 1000 * noise ** 2 * gradient[i]!);
    expect(largestDifference(stepAfter(1000), expected)).toBeLessThan(1e-5);
    expect(largestDifference(stepAfter(0), expected)).toBeGreaterThan(1e-4);
  });

  it.each(['score', 'mean'] as const)('draws the same images whatever the batch size, up to rounding (%s form)', async (guidanceForm) => {
    const whole = await guided({ sampler: 'ddpm', guidanceForm });
    expect(largestDifference(whole, await guided({ sampler: 'ddpm', guidanceForm, batchSize: 2 }))).toBeLessThan(1e-5);
  });

  it('guides an unconditional model, whose labels only it knows', async () => {
    const unconditional = diffusionModel(tinyCheckpoint(1, {}));
    const drawn = await guided({}, unconditional);
    expect(drawn).not.toEqual(await guided({ labels: [2, 0, 2] }, unconditional));
    unconditional.dispose();
  });

  it('keeps no tensor but the weights, and those until it is disposed of', async () => {
    const before = tf.memory().numTensors;
    const other = noisyClassifier(tinyClassifier(8));
    await images({ classifier: other, sampler: 'ddpm', guidanceForm: 'mean' });
    await images({ classifier: other });
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a classifier that does not fit', () => {
  const other = (change: Readonly<Record<string, unknown>>) => noisyClassifier(tinyClassifier(1, change));
  it.each<[string, () => SampleOptions, string, string]>([
    ['no labels', () => ({ labels: [], classifier }), 'invalid_argument', 'number of labels 0'],
    ['a label it does not know', () => ({ labels: [3], classifier }), 'invalid_argument', 'labels[0] 3 is not a whole number from 0 to 2'],
    ['a negative scale', () => ({ labels, classifier, classifierScale: -1 }), 'invalid_argument', 'classifierScale -1 is not a number of at least 0'],
    ['a form that is none', () => ({ labels, classifier, guidanceForm: 'best' as 'mean' }), 'invalid_argument', 'guidanceForm "best" is unknown; there are score and mean'],
    ['the mean form with ddim', () => ({ labels, classifier, guidanceForm: 'mean' }), 'invalid_argument', 'use ddpm, or the score form'],
    ['a scale without a classifier', () => ({ labels, classifierScale: 2 }), 'invalid_argument', 'classifierScale needs a classifier: there is none to guide'],
    ['other images', () => ({ labels, classifier: other({ model: { ...(tinyClassifierSpec()['model'] as object), sample_size: 8 } }) }), 'invalid_argument', "the classifier's sample_size is 8, the model's 4"],
    ['another schedule', () => ({ labels, classifier: other({ process: { num_train_timesteps: 500 } }) }), 'schedule_mismatch', 'process.num_train_timesteps is 1000 in the denoiser and 500 in the classifier'],
  ])('is refused: %s', async (_, options, code, message) => {
    await expect(model.sample(options())).rejects.toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  it('needs labels', async () => {
    await expect(model.sample({ count: 2, classifier })).rejects.toThrow('a classifier needs labels: there is nothing to guide to');
  });

  it('is refused when it is a denoiser, and a denoiser when it is a classifier', () => {
    expect(() => noisyClassifier(tinyCheckpoint())).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('step 5 of run "tiny" is a denoiser') }));
    expect(() => diffusionModel(tinyClassifier())).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('step 5 of run "tiny-classifier" is a classifier') }));
  });
});

/** x_T. */
function start(): tf.Tensor4D {
  return samplingNoise(seed, 0, count, imageShape).start();
}

function gradientAt(x: tf.Tensor4D, t: number): Float32Array {
  return tf.tidy(() => logLikelihoodGradient(classifier.logLikelihood(tf.tensor1d(labels, 'int32')), x, tf.fill([count], t)).dataSync<'float32'>());
}
