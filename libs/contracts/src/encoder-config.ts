import { z } from 'zod';

const positive = z.int().min(1);

/**
 * The way down of a U-Net and its middle, which a classifier of noisy images is made of as well, in the configuration keys
 * of diffusers' `UNet2DModel`. Whatever is left out takes diffusers' default, except `norm_num_groups` and
 * `layers_per_block`, which suit small images.
 */
export const encoderOptions = {
  /** Height and width of the images, in pixels. Divisible by 2^(levels−1). */
  sample_size: positive,
  in_channels: positive.default(1),
  /** Channels of each resolution level; each level but the last halves the resolution. */
  block_out_channels: z.array(positive).min(1).max(8),
  layers_per_block: positive.default(1),
  down_block_types: z.array(z.enum(['DownBlock2D', 'AttnDownBlock2D'])).min(1),
  /** Channels of one attention head. */
  attention_head_dim: positive.default(8),
  norm_num_groups: positive.default(8),
  norm_eps: z.number().positive().default(1e-5),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.int().min(0).max(1).default(0),
};

/** The options that shape an encoder; both kinds of network have them. */
export type EncoderConfig = z.infer<z.ZodObject<typeof encoderOptions>>;

/** An option that makes a network impossible to build, and why. */
export interface ConfigProblem {
  readonly path: string;
  readonly reason: string;
}

/** What makes an encoder impossible to build; empty when nothing does. */
export function encoderProblems(config: EncoderConfig): ConfigProblem[] {
  const levels = config.block_out_channels.length;
  const problems = perLevelProblems(config, 'down_block_types', config.down_block_types);
  const factor = 2 ** (levels - 1);
  if (config.sample_size % factor !== 0) {
    problems.push({ path: 'sample_size', reason: `${config.sample_size} is not divisible by ${factor}, which ${levels} levels need` });
  }
  config.block_out_channels.forEach((channels, level) => {
    for (const key of ['norm_num_groups', 'attention_head_dim'] as const) {
      if (channels % config[key] === 0) continue;
      problems.push({ path: `block_out_channels[${level}]`, reason: `${channels} is not divisible by ${key} ${config[key]}` });
    }
  });
  return problems;
}

/** An option that must have one entry a resolution level, and has not. */
export function perLevelProblems(config: EncoderConfig, path: string, entries: readonly unknown[]): ConfigProblem[] {
  const levels = config.block_out_channels.length;
  if (entries.length === levels) return [];
  return [{ path, reason: `has ${entries.length} entries, block_out_channels has ${levels}: give one per level` }];
}
