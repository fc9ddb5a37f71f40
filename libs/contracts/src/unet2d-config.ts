import { z } from 'zod';
import { encoderOptions, encoderProblems, perLevelProblems, unlessUsual, type ConfigProblem } from './encoder-config.js';
import { LangevinError } from './errors.js';
import { parseWith } from './parse-with.js';

/** The network of a denoiser: diffusers' `UNet2DModel`, as far as Langevin builds it. */
export const unet2dConfigSchema = z.strictObject({
  type: z.literal('unet2d', { error: 'must be unet2d or classifier2d' }).default('unet2d'),
  ...encoderOptions,
  out_channels: z.int().min(1).default(1),
  up_block_types: z.array(z.enum(['UpBlock2D', 'AttnUpBlock2D', 'ResnetUpsampleBlock2D'])).min(1),
  /** Classes plus one: the last index is the null label of classifier-free guidance. Left out: unconditional. */
  num_class_embeds: z.int().min(2).optional(),
  /** What doubles the resolution behind an `AttnUpBlock2D`: a convolution, or a residual block (BigGAN). */
  upsample_type: unlessUsual(z.enum(['conv', 'resnet']), 'conv'),
  /** What is embedded besides time, in place of a class: a second time, such as the noise level of a low-resolution image; or features, as they are. */
  class_embed_type: unlessUsual(z.enum(['timestep', 'identity']).nullable(), null),
  /**
   * Super-resolution: the network sees each image beside a coarse one, whose pixels are means of `factor`² pixels, brought to the size of the image. Half of
   * `in_channels` are the coarse image's. Left out: none. No option of diffusers.
   */
  low_resolution: z.strictObject({ factor: z.int().min(2) }).optional(),
});

/** A checked network configuration with every default filled in. */
export type UNet2DConfig = z.infer<typeof unet2dConfigSchema>;

/** What makes `config` impossible to build, as (path, reason) pairs; empty when nothing does. */
export function unet2dProblems(config: UNet2DConfig): ConfigProblem[] {
  const problems = [...encoderProblems(config), ...perLevelProblems(config, 'up_block_types', config.up_block_types)];
  if (config.class_embed_type && config.num_class_embeds !== undefined) {
    problems.push({ path: 'num_class_embeds', reason: `has no meaning with class_embed_type ${config.class_embed_type}: leave it out` });
  }
  const factor = config.low_resolution?.factor ?? 1;
  if (config.sample_size % factor !== 0) problems.push({ path: 'low_resolution.factor', reason: `${factor} does not divide sample_size ${config.sample_size}` });
  if (config.low_resolution && config.in_channels % 2 !== 0) {
    problems.push({ path: 'in_channels', reason: `${config.in_channels} is odd: with low_resolution half of them are the coarse image's` });
  }
  return problems;
}

/** Channels of the images that a denoiser makes: those that it sees, but for those of a coarse image beside them. */
export function imageChannels({ in_channels: seen, low_resolution }: UNet2DConfig): number {
  return low_resolution ? seen / 2 : seen;
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
