import { z } from 'zod';

const positive = z.int().min(1);

/** An option that is held where it differs from what diffusers takes by default, and left out otherwise: a job that does not set it keeps its digest. */
export function unlessUsual<T extends string | number | boolean | null>(schema: z.ZodType<T>, usual: T) {
  return schema.transform((value) => (value === usual ? undefined : value)).optional();
}

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
  down_block_types: z.array(z.enum(['DownBlock2D', 'AttnDownBlock2D', 'ResnetDownsampleBlock2D'])).min(1),
  /** Channels of one attention head; null: all of them are one head. */
  attention_head_dim: positive.nullable().default(8),
  /** Attention heads of every layer, whatever its channels, in place of `attention_head_dim` (improved DDPM: 4). No option of `UNet2DModel`. */
  num_attention_heads: unlessUsual(positive.nullable(), null),
  norm_num_groups: positive.default(8),
  norm_eps: z.number().positive().default(1e-5),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.int().min(0).max(1).default(0),
  /** How time enters a residual block: added before its second normalisation, or as that one's scale and offset (adaptive group normalisation). */
  resnet_time_scale_shift: unlessUsual(z.enum(['default', 'scale_shift']), 'default'),
  /** What halves the resolution behind an `AttnDownBlock2D`: a convolution, or a residual block (BigGAN). */
  downsample_type: unlessUsual(z.enum(['conv', 'resnet']), 'conv'),
  /** Zeros around the image before a convolution that halves it; 0: one row below and one column to the right, as TensorFlow pads. */
  downsample_padding: unlessUsual(z.int().min(0).max(1), 1),
  /** The middle has self-attention between its two residual blocks. */
  add_attention: unlessUsual(z.boolean(), true),
  /** Groups of the normalisation before the middle's attention; null: `norm_num_groups`, and with `scale_shift` no normalisation at all. */
  attn_norm_num_groups: unlessUsual(positive.nullable(), null),
  /** The sums with the shortcuts of the middle are divided by it. */
  mid_block_scale_factor: unlessUsual(z.number().positive(), 1),
  /** Features of the embedding of time; null: four times the channels of the first level. */
  time_embedding_dim: unlessUsual(positive.nullable(), null),
  /** Images come in 0 … 1: the network sees 2x − 1. */
  center_input_sample: unlessUsual(z.boolean(), false),
  /** The last layer of each residual block, of each attention and of the network starts at 0 (Ho et al. 2020; Dhariwal & Nichol 2021). No option of diffusers. */
  zero_init: unlessUsual(z.boolean(), false),
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
  const heads = config.num_attention_heads ? 'num_attention_heads' : 'attention_head_dim';
  config.block_out_channels.forEach((channels, level) => {
    for (const key of ['norm_num_groups', heads] as const) {
      if (channels % (config[key] ?? channels) === 0) continue;
      problems.push({ path: `block_out_channels[${level}]`, reason: `${channels} is not divisible by ${key} ${config[key]}` });
    }
  });
  const middle = config.block_out_channels.at(-1)!; // There is at least one.
  if (config.attn_norm_num_groups && middle % config.attn_norm_num_groups !== 0) {
    problems.push({ path: 'attn_norm_num_groups', reason: `${config.attn_norm_num_groups} does not divide the ${middle} channels of the middle` });
  }
  return problems;
}

/** An option that must have one entry a resolution level, and has not. */
export function perLevelProblems(config: EncoderConfig, path: string, entries: readonly unknown[]): ConfigProblem[] {
  const levels = config.block_out_channels.length;
  if (entries.length === levels) return [];
  return [{ path, reason: `has ${entries.length} entries, block_out_channels has ${levels}: give one per level` }];
}
