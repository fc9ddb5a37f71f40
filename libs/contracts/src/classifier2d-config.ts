import { z } from 'zod';
import { encoderOptions, encoderProblems, type ConfigProblem } from './encoder-config.js';
import { LangevinError } from './errors.js';
import { parseWith } from './parse-with.js';

/**
 * A classifier of noisy images (Dhariwal & Nichol 2021, §4.3): the encoder of a U-Net and an attention pool instead of
 * the way up.
 */
export const classifier2dConfigSchema = z.strictObject({
  type: z.literal('classifier2d').default('classifier2d'),
  ...encoderOptions,
  /** Classes of the data; there is no null label. */
  num_classes: z.int().min(2),
});

/** A checked classifier configuration with every default filled in. */
export type Classifier2DConfig = z.infer<typeof classifier2dConfigSchema>;

/** What makes `config` impossible to build, as (path, reason) pairs; empty when nothing does. */
export function classifier2dProblems(config: Classifier2DConfig): ConfigProblem[] {
  return encoderProblems(config);
}

/** @throws LangevinError `invalid_spec` naming each path and its reason. */
export function parseClassifier2DConfig(input: unknown): Classifier2DConfig {
  const config = parseWith(classifier2dConfigSchema, input, 'invalid_spec', 'model');
  const problems = classifier2dProblems(config);
  if (problems.length > 0) {
    throw new LangevinError('invalid_spec', `model: ${problems.map((p) => `${p.path}: ${p.reason}`).join('; ')}`);
  }
  return config;
}
