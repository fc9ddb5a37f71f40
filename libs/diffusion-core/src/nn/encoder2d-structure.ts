import { LangevinError, type EncoderConfig } from '@langevin/contracts';

/** Channels that a residual block takes and gives. */
export interface ResidualShape {
  readonly inChannels: number;
  readonly outChannels: number;
}

/** What changes the resolution behind a level. */
export interface Resample {
  /** Module name in diffusers: `down_blocks.0.downsamplers.0`. */
  readonly name: string;
  /** A convolution, or a residual block that resamples. */
  readonly by: 'conv' | 'resnet';
  readonly to: 'down' | 'up';
}

/** One resolution level on the way down or up. */
export interface LevelStructure {
  /** Module name in diffusers: `down_blocks.0`. */
  readonly name: string;
  readonly resnets: readonly ResidualShape[];
  /** Self-attention behind each residual block. */
  readonly attention: boolean;
  /** How the level ends by halving (down) or doubling (up) the resolution; undefined for the last one. */
  readonly resample: Resample | undefined;
  readonly channels: number;
}

/** How all residual blocks of a network are. */
export interface BlockKind {
  /** Features of the embedding that they are told. */
  readonly embeddingDim: number;
  /** It scales and shifts, instead of being added. */
  readonly timeScaleShift: boolean;
  /** The last layer of each block starts at 0. */
  readonly zeroInit: boolean;
}

/** The way down and the middle of a U-Net, as diffusers' `UNet2DModel` builds them from the same configuration. */
export interface EncoderStructure {
  readonly down: readonly LevelStructure[];
  /** Channels of the middle block: residual block, attention if there is any, residual block. */
  readonly midChannels: number;
  /** Groups of the normalisation before the middle's attention, `none` where it is not normalised; undefined without attention. */
  readonly midAttention: { readonly groups: number | 'none' } | undefined;
  /** What tells one kind of residual block from another. */
  readonly blocks: BlockKind;
}

/**
 * @param config a configuration that passed its parser
 * @throws LangevinError `invalid_spec` when the first level has an odd number of channels: the time embedding needs as many sines as cosines
 */
export function encoderStructure(config: EncoderConfig): EncoderStructure {
  const channels = config.block_out_channels;
  const first = channels[0]!;
  if (first % 2 !== 0) {
    throw new LangevinError('invalid_spec', `model: block_out_channels[0]: ${first} is odd, the time embedding needs an even number`);
  }
  return {
    down: channels.map((_, level) => downLevel(config, level)),
    midChannels: channels[channels.length - 1]!,
    midAttention: config.add_attention === false ? undefined : { groups: midAttentionGroups(config) },
    blocks: {
      embeddingDim: config.time_embedding_dim ?? 4 * first,
      timeScaleShift: config.resnet_time_scale_shift === 'scale_shift',
      zeroInit: config.zero_init === true,
    },
  };
}

/** As diffusers' `UNetMidBlock2D` has it: with `scale_shift` the attention of the middle is normalised only where a number of groups is given. */
function midAttentionGroups(config: EncoderConfig): number | 'none' {
  return config.attn_norm_num_groups ?? (config.resnet_time_scale_shift === 'scale_shift' ? 'none' : config.norm_num_groups);
}

function downLevel(config: EncoderConfig, level: number): LevelStructure {
  const channels = config.block_out_channels;
  const outChannels = channels[level]!;
  const before = channels[Math.max(level - 1, 0)]!;
  const name = `down_blocks.${level}`;
  const type = config.down_block_types[level];
  return {
    name,
    resnets: Array.from({ length: config.layers_per_block }, (_, i) => ({ inChannels: i === 0 ? before : outChannels, outChannels })),
    attention: type === 'AttnDownBlock2D',
    resample: level < channels.length - 1 ? { name: `${name}.downsamplers.0`, by: resampledBy(type, config.downsample_type), to: 'down' } : undefined,
    channels: outChannels,
  };
}

/** Channels of one attention head, of a layer with so many channels. */
export function headChannels({ num_attention_heads: heads, attention_head_dim: dim }: EncoderConfig, channels: number): number {
  return heads ? channels / heads : (dim ?? channels);
}

/** A level with attention may have either; of the others the type says it. */
export function resampledBy(type: string | undefined, withAttention: 'conv' | 'resnet' = 'conv'): 'conv' | 'resnet' {
  if (type?.startsWith('Attn')) return withAttention;
  return type?.startsWith('Resnet') ? 'resnet' : 'conv';
}
