import { LangevinError, type JobSpec } from '@langevin/contracts';

/** What is drawn, and how. */
export interface SampleOptions {
  /** Class of each image. Left out: `count` images of no class. */
  readonly labels?: ArrayLike<number>;
  /** How many images, when `labels` is left out. @default 1 */
  readonly count?: number;
  /** Denoising steps, at most the model's num_train_timesteps. @default 40 */
  readonly steps?: number;
  /** `ddim` (η = 0) adds no noise on its way; `ddpm` does, and wants more steps. @default 'ddim' */
  readonly sampler?: 'ddim' | 'ddpm';
  /**
   * s of classifier-free guidance, x̂₀ = none + s·(class − none): 1 is the plain conditional model, in half the time; more
   * makes images typical of their class and less varied. (Ho & Salimans 2022 write w = s − 1.) @default 1
   */
  readonly guidanceScale?: number;
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
export interface CompiledSampleOptions extends Required<Omit<SampleOptions, 'labels' | 'onProgress' | 'signal'>> {
  /** What the network is told of each image: a class, or the null label. Absent for an unconditional model. */
  readonly networkLabels?: Int32Array;
  /** The classes that were asked for. */
  readonly labels?: Int32Array;
}

/**
 * Checks options against the model and fills in the defaults.
 * @throws LangevinError `invalid_argument`, naming the option, what it is and what it may be
 */
export function compileSampleOptions(options: SampleOptions, { model, process }: Pick<JobSpec, 'model' | 'process'>): CompiledSampleOptions {
  const { steps = 40, sampler = 'ddim', guidanceScale = 1, clipSample = false, seed = 0, batchSize = 32 } = options;
  const count = options.labels?.length ?? options.count ?? 1;
  checkWhole('steps', steps, 1, process.num_train_timesteps, ' (num_train_timesteps)');
  checkWhole('batchSize', batchSize, 1, 65536);
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkWhole(options.labels === undefined ? 'count' : 'number of labels', count, 1, 2 ** 32 - 1);
  if (options.labels !== undefined && options.count !== undefined && options.count !== count) {
    refuse(`count ${options.count} differs from the ${count} labels: leave it out`);
  }
  if (sampler !== 'ddim' && sampler !== 'ddpm') refuse(`sampler "${String(sampler)}" is unknown; there are ddim and ddpm`);
  if (!Number.isFinite(guidanceScale) || guidanceScale < 0) refuse(`guidanceScale ${guidanceScale} is not a number of at least 0`);
  const compiled = { steps, sampler, guidanceScale, clipSample, seed, batchSize, count };
  if (model.num_class_embeds === undefined) {
    if (options.labels !== undefined) refuse('labels were given, but the model is unconditional: leave them out');
    if (guidanceScale !== 1) refuse(`guidanceScale ${guidanceScale} needs labels, and the model is unconditional: leave it out`);
    return compiled;
  }
  const nullLabel = model.num_class_embeds - 1;
  if (options.labels === undefined) {
    if (guidanceScale !== 1) refuse(`guidanceScale ${guidanceScale} needs labels: there is nothing to guide to`);
    return { ...compiled, networkLabels: new Int32Array(count).fill(nullLabel) };
  }
  Array.from(options.labels).forEach((label, index) => checkWhole(`labels[${index}]`, label, 0, nullLabel - 1));
  const labels = Int32Array.from(options.labels);
  return { ...compiled, labels, networkLabels: labels };
}

function checkWhole(name: string, value: number, least: number, most: number, limit = ''): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(`${name} ${value} is not a whole number from ${least} to ${most}${limit}`);
  }
}

function refuse(reason: string): never {
  throw new LangevinError('invalid_argument', reason);
}
