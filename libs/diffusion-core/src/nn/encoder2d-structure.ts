import { LangevinError, type EncoderConfig } from '@langevin/contracts';

/** Channels that a residual block takes and gives. */
export interface ResidualShape {
  readonly inChannels: number;
  readonly outChannels: number;
}

/** One resolution level on the way down or up. */
export interface LevelStructure {
  /** Module name in diffusers: `down_blocks.0`. */
  readonly name: string;
  readonly resnets: readonly ResidualShape[];
  /** Self-attention behind each residual block. */
  readonly attention: boolean;
  /** Whether the level ends by halving (down) or doubling (up) the resolution. */
  readonly resample: boolean;
  readonly channels: number;
}

/** The way down and the middle of a U-Net, as diffusers' `UNet2DModel` builds them from the same configuration. */
export interface EncoderStructure {
  readonly down: readonly LevelStructure[];
  /** Channels of the middle block: residual block, attention, residual block. */
  readonly midChannels: number;
  /** Features of the embedding of time and class. */
  readonly embeddingDim: number;
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
    embeddingDim: 4 * first,
  };
}

function downLevel(config: EncoderConfig, level: number): LevelStructure {
  const channels = config.block_out_channels;
  const outChannels = channels[level]!;
  const before = channels[Math.max(level - 1, 0)]!;
  return {
    name: `down_blocks.${level}`,
    resnets: Array.from({ length: config.layers_per_block }, (_, i) => ({ inChannels: i === 0 ? before : outChannels, outChannels })),
    attention: config.down_block_types[level] === 'AttnDownBlock2D',
    resample: level < channels.length - 1,
    channels: outChannels,
  };
}
