import { imageChannels, LangevinError, samplerNames, type DenoiserJobSpec, type SamplerName } from '@langevin/contracts';
import { requireSameSchedule } from '@langevin/diffusion-core';
import type { NoisyClassifier } from './noisy-classifier.js';

/** What is drawn, and how. */
export interface SampleOptions {
  /** Class of each image. Left out: `count` images of no class. */
  readonly labels?: ArrayLike<number>;
  /** How many images, when `labels` is left out. @default 1 */
  readonly count?: number;
  /** Denoising steps, at most the model's num_train_timesteps. @default 40 */
  readonly steps?: number;
  /**
   * How to walk from noise to image: one of `samplerNames` of `@langevin/contracts`. `ddim` (η = 0), `heun` and the solvers add no noise on their way; `ddpm` and others
   * do, and want more steps. @default 'ddim'
   */
  readonly sampler?: SamplerName;
  /**
   * s of classifier-free guidance, x̂₀ = none + s·(class − none): 1 is the plain conditional model, in half the time; more
   * makes images typical of their class and less varied. (Ho & Salimans 2022 write w = s − 1.)
   * @default 1, and 0 when a classifier guides: the denoiser is not told the label then
   */
  readonly guidanceScale?: number;
  /** Guides the images to `labels` by its gradient. Its noise schedule must be the model's. @default none */
  readonly classifier?: NoisyClassifier | undefined;
  /** γ: how often the classifier's gradient counts. 0 does not guide; γ ≠ 1 samples no p(x)·p(label | x)^γ. @default 1 */
  readonly classifierScale?: number;
  /**
   * Where the gradient enters: into the score, for every sampler (Song et al. 2021, eq. 47–50), or into the mean of each
   * noisy step, for `ddpm` (Dhariwal & Nichol 2021, algorithm 1). @default 'score'
   */
  readonly guidanceForm?: 'score' | 'mean';
  /**
   * Clips x̂₀ to [−1, 1] in each step (diffusers: `clip_sample`). It steadies long `ddpm` runs, and costs much of the
   * agreement with the label under guidance. @default false
   */
  readonly clipSample?: boolean;
  /** The noise of image i follows from the seed and i. @default 0 */
  readonly seed?: number;
  /** Images computed at once: memory against speed. @default 32 */
  readonly batchSize?: number;
  /** Told after each step of each batch. */
  readonly onProgress?: (progress: SampleProgress) => void;
  /** Ends the call with `cancelled`, after the step under way. */
  readonly signal?: AbortSignal;
}

/** Where a call stands. */
export interface SampleProgress {
  /** Images that are finished, and images in all. */
  readonly images: number;
  readonly totalImages: number;
  /** Steps of all batches that are done, and steps in all. */
  readonly steps: number;
  readonly totalSteps: number;
}

/** Checked options with every default filled in. */
export interface CompiledSampleOptions extends Required<Omit<SampleOptions, 'labels' | 'classifier' | 'onProgress' | 'signal'>> {
  /** What the network is told of each image: a class, or the null label. Absent for an unconditional model. */
  readonly networkLabels?: Int32Array;
  /** The classes that were asked for. */
  readonly labels?: Int32Array;
  readonly classifier?: NoisyClassifier;
}

type ModelFacts = Pick<DenoiserJobSpec, 'model' | 'process'>;

/**
 * Checks options against the model and fills in the defaults.
 * @throws LangevinError `invalid_argument`, naming the option, what it is and what it may be; `schedule_mismatch` naming
 * the option of the process in which a classifier differs
 */
export function compileSampleOptions(options: SampleOptions, facts: ModelFacts): CompiledSampleOptions {
  const { steps = 40, sampler = 'ddim', clipSample = false, seed = 0, batchSize = 32, classifier, classifierScale = 1, guidanceForm = 'score' } = options;
  const guidanceScale = options.guidanceScale ?? (classifier ? 0 : 1);
  const count = options.labels?.length ?? options.count ?? 1;
  checkWhole('steps', steps, 1, facts.process.num_train_timesteps, ' (num_train_timesteps)');
  checkWhole('batchSize', batchSize, 1, 65536);
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkWhole(options.labels === undefined ? 'count' : 'number of labels', count, 1, 2 ** 32 - 1);
  if (options.labels !== undefined && options.count !== undefined && options.count !== count) {
    refuse(`count ${options.count} differs from the ${count} labels: leave it out`);
  }
  if (!samplerNames.includes(sampler)) refuse(`sampler "${String(sampler)}" is unknown; there are ${samplerNames.join(', ')}`);
  if (!Number.isFinite(guidanceScale) || guidanceScale < 0) refuse(`guidanceScale ${guidanceScale} is not a number of at least 0`);
  checkClassifier(options, facts, sampler);
  const labels = options.labels && Int32Array.from(options.labels);
  const compiled = { steps, sampler, guidanceScale, clipSample, seed, batchSize, count, classifierScale, guidanceForm, ...(classifier && { classifier }) };
  const networkLabels = labelsOfNetwork(options, facts.model, guidanceScale, count);
  return { ...compiled, ...(labels && { labels }), ...(networkLabels && { networkLabels }) };
}

function checkClassifier(options: SampleOptions, { model, process }: ModelFacts, sampler: SamplerName): void {
  const { classifier, classifierScale = 1, guidanceForm = 'score', labels } = options;
  if (classifier === undefined) {
    const superfluous = (['classifierScale', 'guidanceForm'] as const).find((key) => options[key] !== undefined);
    if (superfluous !== undefined) refuse(`${superfluous} needs a classifier: there is none to guide`);
    return;
  }
  if (!Number.isFinite(classifierScale) || classifierScale < 0) refuse(`classifierScale ${classifierScale} is not a number of at least 0`);
  if (guidanceForm !== 'score' && guidanceForm !== 'mean') refuse(`guidanceForm "${String(guidanceForm)}" is unknown; there are score and mean`);
  if (guidanceForm === 'mean' && sampler !== 'ddpm') refuse(`guidanceForm mean moves the mean of the noise that a step of ddpm adds, and ${sampler} takes others: use ddpm, or the score form`);
  if (labels === undefined) refuse('a classifier needs labels: there is nothing to guide to');
  const other = classifier.checkpoint.spec;
  requireSameSchedule(process, other.process);
  const wanted = { sample_size: model.sample_size, in_channels: imageChannels(model) };
  for (const key of ['sample_size', 'in_channels'] as const) {
    if (other.model[key] !== wanted[key]) refuse(`the classifier's ${key} is ${other.model[key]}, the model's ${wanted[key]}: they see different images`);
  }
  checkLabels(labels, other.model.num_classes);
}

/** What the network is told of each image; nothing if it knows no classes. */
function labelsOfNetwork({ labels, classifier }: SampleOptions, model: ModelFacts['model'], guidanceScale: number, count: number): Int32Array | undefined {
  if (model.num_class_embeds === undefined) {
    if (labels !== undefined && !classifier) refuse('labels were given, but the model is unconditional: leave them out');
    if (guidanceScale !== (classifier ? 0 : 1)) refuse(`guidanceScale ${guidanceScale} needs labels, and the model is unconditional: leave it out`);
    return undefined;
  }
  const nullLabel = model.num_class_embeds - 1;
  if (labels === undefined) {
    if (guidanceScale !== 1) refuse(`guidanceScale ${guidanceScale} needs labels: there is nothing to guide to`);
    return new Int32Array(count).fill(nullLabel);
  }
  // A model that is not told the label need not know it.
  if (classifier && guidanceScale === 0) return new Int32Array(count).fill(nullLabel);
  checkLabels(labels, nullLabel);
  return Int32Array.from(labels);
}

function checkLabels(labels: ArrayLike<number>, classes: number): void {
  Array.from(labels).forEach((label, index) => checkWhole(`labels[${index}]`, label, 0, classes - 1));
}

function checkWhole(name: string, value: number, least: number, most: number, limit = ''): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(`${name} ${value} is not a whole number from ${least} to ${most}${limit}`);
  }
}

function refuse(reason: string): never {
  throw new LangevinError('invalid_argument', reason);
}
