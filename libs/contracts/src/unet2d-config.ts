import { z } from 'zod';
import { LangevinError } from './errors.js';
import { parseWith } from './parse-with.js';

const positive = z.int().min(1);

/**
 * The network, in the configuration keys of diffusers' `UNet2DModel`, as far as Langevin builds it. Whatever is left
 * out takes diffusers' default, except `norm_num_groups` and `layers_per_block`, which suit small images.
 */
export const unet2dConfigSchema = z.strictObject({
  type: z.literal('unet2d').default('unet2d'),
  /** Height and width of the images, in pixels. Divisible by 2^(levels−1). */
  sample_size: positive,
  in_channels: positive.default(1),
  out_channels: positive.default(1),
  /** Channels of each resolution level; each level but the last halves the resolution. */
  block_out_channels: z.array(positive).min(1).max(8),
  layers_per_block: positive.default(1),
  down_block_types: z.array(z.enum(['DownBlock2D', 'AttnDownBlock2D'])).min(1),
  up_block_types: z.array(z.enum(['UpBlock2D', 'AttnUpBlock2D'])).min(1),
  /** Channels of one attention head. */
  attention_head_dim: positive.default(8),
  norm_num_groups: positive.default(8),
  norm_eps: z.number().positive().default(1e-5),
  /** Classes plus one: the last index is the null label of classifier-free guidance. Left out: unconditional. */
  num_class_embeds: z.int().min(2).optional(),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.int().min(0).max(1).default(0),
});

/** A checked network configuration with every default filled in. */
export type UNet2DConfig = z.infer<typeof unet2dConfigSchema>;

/** What makes `config` impossible to build, as (path, reason) pairs; empty when nothing does. */
export function unet2dProblems(config: UNet2DConfig): { path: string; reason: string }[] {
  const problems: { path: string; reason: string }[] = [];
  const levels = config.block_out_channels.length;
  for (const key of ['down_block_types', 'up_block_types'] as const) {
    if (config[key].length !== levels) {
      problems.push({ path: key, reason: `has ${config[key].length} entries, block_out_channels has ${levels}: give one per level` });
    }
  }
  const factor = 2 ** (levels - 1);
  if (config.sample_size % factor !== 0) {
    problems.push({ path: 'sample_size', reason: `${config.sample_size} is not divisible by ${factor}, which ${levels} levels need` });
  }
  config.block_out_channels.forEach((channels, level) => {
    if (channels % config.norm_num_groups !== 0) {
      problems.push({ path: `block_out_channels[${level}]`, reason: `${channels} is not divisible by norm_num_groups ${config.norm_num_groups}` });
    }
    if (channels % config.attention_head_dim !== 0) {
      problems.push({ path: `block_out_channels[${level}]`, reason: `${channels} is not divisible by attention_head_dim ${config.attention_head_dim}` });
    }
  });
  return problems;
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
