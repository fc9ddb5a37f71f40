import { parseDocument } from 'yaml';
import { z } from 'zod';
import { classifier2dConfigSchema, classifier2dProblems } from './classifier2d-config.js';
import { unlessUsual, type ConfigProblem } from './encoder-config.js';
import { LangevinError } from './errors.js';
import { parseWith } from './parse-with.js';
import type { Precision } from './precision.js';
import { imageChannels, unet2dConfigSchema, unet2dProblems } from './unet2d-config.js';

const count = z.int().min(1);
const rate = z.number().positive();
const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be 1–64 of a–z, 0–9, ".", "_", "-", starting with a letter or digit');

/** An option that has no meaning in this kind of job: whoever sets it has something else in mind. */
const noPlace = (reason: string) => z.custom<undefined>((value) => value === undefined, reason).optional();

/** An option that is held where it is set, and left out where it is not. */
const whenTrue = z
  .boolean()
  .transform((value) => (value ? true : undefined))
  .optional();

/** The forward process, in the configuration keys of diffusers' schedulers. */
const processOptions = {
  num_train_timesteps: count.max(100_000).default(1000),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'sigmoid', 'squaredcos_cap_v2', 'linear_log_snr']).default('squaredcos_cap_v2'),
  beta_start: rate.lt(1).default(1e-4),
  beta_end: rate.lt(1).default(0.02),
  /** Ends of `linear_log_snr`, which the other schedules do not have. Left out: 13.3 and −5. */
  log_snr_max: z.number().max(30).optional(),
  log_snr_min: z.number().min(-30).optional(),
  /** The last noise level has no signal at all (Lin et al. 2024). Left out: `false`, which is left out too, as of old. */
  rescale_betas_zero_snr: whenTrue,
};

const trainingOptions = {
  /** Optimizer steps of the whole job. */
  steps: count,
  /** Leaves of the reduction tree: a power of two. The global batch is virtualWorkers · microBatch on any cluster. */
  virtualWorkers: count.max(4096).default(8),
  /** Images that one virtual worker sees a step. */
  microBatch: count.max(4096).default(8),
  learningRate: rate.default(6e-4),
  /** Steps over which the learning rate rises linearly from 0. */
  warmupSteps: z.int().min(0).default(0),
  /** What the learning rate does after that: stays, or falls in a straight line that would reach 0 after the last step. */
  learningRateDecay: z.enum(['none', 'linear']).default('none'),
  /** Adam's decay rates and ε (Kingma & Ba 2015, algorithm 1). */
  adam: z
    .strictObject({
      beta1: z.number().min(0).lt(1).default(0.9),
      beta2: z.number().min(0).lt(1).default(0.999),
      epsilon: rate.default(1e-8),
      weightDecay: z.number().min(0).default(0),
    })
    .prefault({}),
  /** Gradients with a larger Euclidean norm are scaled down to it. Left out: no clipping. */
  clipNorm: rate.optional(),
  /** The gradient computes each residual block once more instead of keeping what it computed on the way: less memory, more time. */
  gradientCheckpointing: z.boolean().default(false),
  /** `bf16`: convolutions and matrix products see their operands rounded to bfloat16. Left out: `fp32`, which is left out too, as of old. */
  precision: z
    .enum(['fp32', 'bf16'] satisfies Precision[])
    .transform((precision) => (precision === 'fp32' ? undefined : precision))
    .optional(),
  /** XLA compiles what it can of the gradient and of the update: other bits, and on GPUs less time, after a first step that takes longer. */
  xla: z.boolean().default(false),
  /** Decay of the averaged weights: min(maxDecay, 1 − (1 + step/inverseGamma)^(−power)). */
  ema: z
    .strictObject({
      maxDecay: z.number().min(0).lt(1).default(0.999),
      inverseGamma: rate.default(1),
      power: rate.default(0.75),
    })
    .prefault({}),
};

const jobOptions = {
  name: slug,
  /** Every random number of the job follows from it. */
  seed: z.int().min(0).max(0xffff_ffff).default(0),
  dataset: z.strictObject({ name: slug, split: z.enum(['train', 'test']).default('train') }),
  /** Who adds the gradients: the trainers among themselves, or the coordinator. No bit depends on it. */
  exchange: z.enum(['peers', 'coordinator']).default('peers'),
  checkpoints: z.strictObject({ everySteps: count }),
  /** The job starts when this many trainers are ready, and pauses while fewer take part. */
  trainers: z.strictObject({ min: count.default(1) }).prefault({}),
};

/**
 * Losses of a denoiser: `simple`, the mean squared error of the prediction (Ho et al. 2020); the same with weights by noise level, `min_snr` (Hang et al.
 * 2023), `truncated_snr` (Salimans & Ho 2022), `edm` (Karras et al. 2022), `likelihood` (Song et al. 2021); `vlb`, the variational bound, and `hybrid`, simple
 * and a thousandth of the bound, which teaches the variance alone (Nichol & Dhariwal 2021).
 */
const denoiserLosses = ['simple', 'min_snr', 'truncated_snr', 'edm', 'likelihood', 'vlb', 'hybrid'] as const;

const denoiserJobSchema = z.strictObject({
  ...jobOptions,
  model: unet2dConfigSchema,
  process: z
    .strictObject({
      ...processOptions,
      /** What the network predicts. */
      prediction_type: z.enum(['epsilon', 'sample', 'v_prediction']).default('epsilon'),
    })
    .prefault({}),
  training: z.strictObject({
    ...trainingOptions,
    /** Probability that a label is replaced by the null label, which classifier-free guidance learns from. */
    labelDropout: z.number().min(0).lt(1).default(0),
    /** What is minimised. Left out: `simple`, which is left out too, as of old. */
    loss: unlessUsual(z.enum(denoiserLosses), 'simple'),
    /** γ of `min_snr`. Left out: 5. */
    minSnrGamma: rate.optional(),
  }),
});

const classifierJobSchema = z.strictObject({
  ...jobOptions,
  model: classifier2dConfigSchema,
  process: z.strictObject({ ...processOptions, prediction_type: noPlace('a classifier predicts classes: leave it out') }).prefault({}),
  training: z.strictObject({
    ...trainingOptions,
    labelDropout: noPlace('a classifier learns from every label: leave it out'),
    loss: noPlace('a classifier minimises its cross-entropy: leave it out'),
    minSnrGamma: noPlace('a classifier minimises its cross-entropy: leave it out'),
  }),
});

/** A checked job that trains a denoiser, with every default filled in. */
export type DenoiserJobSpec = z.infer<typeof denoiserJobSchema>;
/** A checked job that trains a classifier of noisy images, with every default filled in. */
export type ClassifierJobSpec = z.infer<typeof classifierJobSchema>;
/** A checked job specification with every default filled in. `model.type` tells which kind it is. */
export type JobSpec = DenoiserJobSpec | ClassifierJobSpec;
/** The forward process of a job. */
export type ProcessConfig = JobSpec['process'];
/** The training block of a job. */
export type TrainingConfig = JobSpec['training'];

/** Whether a job trains a denoiser. */
export function isDenoiserJob(spec: JobSpec): spec is DenoiserJobSpec {
  return spec.model.type === 'unet2d';
}

/** Whether a job trains a classifier of noisy images. */
export function isClassifierJob(spec: JobSpec): spec is ClassifierJobSpec {
  return spec.model.type === 'classifier2d';
}

/** Channels of the images that a job learns from. */
export function jobImageChannels(spec: JobSpec): number {
  return isDenoiserJob(spec) ? imageChannels(spec.model) : spec.model.in_channels;
}

/**
 * Checks a job specification that came from outside. Unknown keys, wrong types and impossible combinations are refused.
 * @throws LangevinError `invalid_spec`, naming each path and its reason.
 */
export function parseJobSpec(input: unknown): JobSpec {
  const spec: JobSpec = parseWith(asksForClassifier(input) ? classifierJobSchema : denoiserJobSchema, input, 'invalid_spec', 'job spec');
  const problems = [...modelProblems(spec), ...trainingProblems(spec)];
  if (problems.length > 0) {
    throw new LangevinError('invalid_spec', `job spec: ${problems.map((p) => `${p.path}: ${p.reason}`).join('; ')}`);
  }
  return spec;
}

/**
 * Reads a job specification in YAML 1.2 (JSON is YAML too).
 * @throws LangevinError `invalid_spec` with line and column for bad YAML, with the path for a bad value.
 */
export function parseJobSpecYaml(text: string): JobSpec {
  return parseJobSpec(parseYaml(text));
}

/** No specification comes near it, and the parser, which calls itself for each level, stays far from the end of its stack. */
const maxNesting = 100;

/**
 * Reads YAML into plain values; duplicate keys, bad syntax and more nesting than a specification has are errors.
 * @throws LangevinError `invalid_spec` with line and column.
 */
export function parseYaml(text: string): unknown {
  if (mayNestDeeply(text)) throw new LangevinError('invalid_spec', `job spec: not YAML of a specification: more than ${maxNesting} brackets, or a line that is indented further than that`);
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) {
    throw new LangevinError('invalid_spec', `job spec: not YAML: ${firstLine(problem.message)}`, { cause: problem });
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    // Aliases are followed only now: one of nothing, or of too much.
    throw new LangevinError('invalid_spec', `job spec: not YAML: ${firstLine(cause instanceof Error ? cause.message : String(cause))}`, { cause });
  }
}

/** Each level takes a bracket, or a column of what a line begins with. */
function mayNestDeeply(text: string): boolean {
  const brackets = text.match(/[[{]/g)?.length ?? 0;
  return brackets > maxNesting || new RegExp(`^[ \\t\uFEFF?:-]{${maxNesting + 1}}`, 'm').test(text);
}

/** The kind is read first, so that a mistake is explained by the rules of that kind alone. */
function asksForClassifier(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || !('model' in input)) return false;
  const { model } = input;
  return typeof model === 'object' && model !== null && 'type' in model && model.type === 'classifier2d';
}

function modelProblems(spec: JobSpec): ConfigProblem[] {
  const ofModel = isDenoiserJob(spec) ? unet2dProblems(spec.model) : classifier2dProblems(spec.model);
  const problems = ofModel.map(({ path, reason }) => ({ path: `model.${path}`, reason }));
  if (isDenoiserJob(spec)) problems.push(...denoiserProblems(spec.model));
  if (spec.process.beta_end <= spec.process.beta_start) {
    problems.push({ path: 'process.beta_end', reason: `${spec.process.beta_end} must exceed beta_start ${spec.process.beta_start}` });
  }
  if (spec.process.rescale_betas_zero_snr && spec.process.prediction_type === 'epsilon') {
    problems.push({ path: 'process.rescale_betas_zero_snr', reason: 'needs prediction_type sample or v_prediction: the noise says nothing of an image of which nothing is left' });
  }
  if (spec.process.rescale_betas_zero_snr && spec.process.num_train_timesteps < 2) {
    problems.push({ path: 'process.rescale_betas_zero_snr', reason: 'needs num_train_timesteps of at least 2' });
  }
  return problems;
}

/** What a network can be, and a denoiser of images that is trained cannot. */
function denoiserProblems(model: DenoiserJobSpec['model']): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const channels = imageChannels(model);
  if (model.out_channels !== channels && model.out_channels !== 2 * channels) {
    problems.push({ path: 'model.out_channels', reason: `${model.out_channels} must equal the channels of an image, ${channels}, or with learned variance ${2 * channels}` });
  }
  if (model.class_embed_type) problems.push({ path: 'model.class_embed_type', reason: 'leave it out: the labels of a dataset are classes' });
  return problems;
}

function trainingProblems(spec: JobSpec): ConfigProblem[] {
  const { training } = spec;
  const problems: ConfigProblem[] = [];
  if (!Number.isInteger(Math.log2(training.virtualWorkers))) {
    problems.push({ path: 'training.virtualWorkers', reason: `${training.virtualWorkers} is not a power of two` });
  }
  if (training.xla && training.gradientCheckpointing) {
    problems.push({ path: 'training.xla', reason: 'leave out gradientCheckpointing or this: XLA keeps what it would compute twice' });
  }
  if (training.warmupSteps > training.steps) {
    problems.push({ path: 'training.warmupSteps', reason: `${training.warmupSteps} exceeds steps ${training.steps}` });
  }
  if (isDenoiserJob(spec) && spec.training.labelDropout > 0 && spec.model.num_class_embeds === undefined) {
    problems.push({ path: 'training.labelDropout', reason: 'needs model.num_class_embeds: an unconditional model has no labels to drop' });
  }
  if (isDenoiserJob(spec)) problems.push(...lossProblems(spec));
  if (spec.trainers.min > training.virtualWorkers) {
    problems.push({ path: 'trainers.min', reason: `${spec.trainers.min} exceeds virtualWorkers ${training.virtualWorkers}: the others would idle` });
  }
  return problems;
}

function lossProblems({ model, training }: DenoiserJobSpec): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const channels = imageChannels(model);
  if (training.loss === 'hybrid' && model.out_channels !== 2 * channels) {
    problems.push({ path: 'training.loss', reason: `hybrid teaches a variance: it needs model.out_channels ${2 * channels}, twice the channels of an image` });
  }
  if (training.minSnrGamma !== undefined && training.loss !== 'min_snr') problems.push({ path: 'training.minSnrGamma', reason: 'belongs to loss min_snr' });
  return problems;
}

/** The parser's messages end in a picture of the place; the first line already says line and column. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/:$/, '');
}
