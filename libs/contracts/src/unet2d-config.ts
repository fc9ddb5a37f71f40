import { z } from 'zod';
import { encoderOptions, encoderProblems, perLevelProblems, type ConfigProblem } from './encoder-config.js';
import { LangevinError } from './errors.js';
import { parseWith } from './parse-with.js';

/** The network of a denoiser: diffusers' `UNet2DModel`, as far as Langevin builds it. */
export const unet2dConfigSchema = z.strictObject({
  type: z.literal('unet2d', { error: 'must be unet2d or classifier2d' }).default('unet2d'),
  ...encoderOptions,
  out_channels: z.int().min(1).default(1),
  up_block_types: z.array(z.enum(['UpBlock2D', 'AttnUpBlock2D'])).min(1),
  /** Classes plus one: the last index is the null label of classifier-free guidance. Left out: unconditional. */
  num_class_embeds: z.int().min(2).optional(),
});

/** A checked network configuration with every default filled in. */
export type UNet2DConfig = z.infer<typeof unet2dConfigSchema>;

/** What makes `config` impossible to build, as (path, reason) pairs; empty when nothing does. */
export function unet2dProblems(config: UNet2DConfig): ConfigProblem[] {
  return [...encoderProblems(config), ...perLevelProblems(config, 'up_block_types', config.up_block_types)];
}

/** @throws LangevinError `invalid_spec` naming each path and its reason. */
export function parseUNet2DConfig(input: unknown): UNet2DConfig {
  const config = parseWith(unet2dConfigSchema, input, 'invalid_spec', 'model');
  const problems = unet2dProblems(config);
  if (problems.length > 0) {
    throw new LangevinError('invalid_spec', `model: ${problems.map((p) => `${p.path}: ${p.reason}`).join('; ')}`);
  }
  return config;
}
