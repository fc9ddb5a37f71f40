import type { UNet2DConfig } from '@langevin/contracts';
import { encoderStructure, resampledBy, type EncoderStructure, type LevelStructure } from './encoder2d-structure.js';

/** The blocks of a U-Net, as diffusers' `UNet2DModel` builds them from the same configuration. */
export interface UNet2DStructure extends EncoderStructure {
  readonly up: readonly LevelStructure[];
}

/**
 * @param config a configuration that passed `parseUNet2DConfig`
 * @throws LangevinError `invalid_spec` when the first level has an odd number of channels
 */
export function unet2dStructure(config: UNet2DConfig): UNet2DStructure {
  return { ...encoderStructure(config), up: config.block_out_channels.map((_, index) => upLevel(config, index)) };
}

/** Levels upwards are counted from the lowest resolution; each block takes one skip connection from below and one from the side. */
function upLevel(config: UNet2DConfig, index: number): LevelStructure {
  const reversed = [...config.block_out_channels].reverse();
  const outChannels = reversed[index]!;
  const below = reversed[Math.max(index - 1, 0)]!;
  const aside = reversed[Math.min(index + 1, reversed.length - 1)]!;
  const blocks = config.layers_per_block + 1;
  const name = `up_blocks.${index}`;
  const type = config.up_block_types[index];
  return {
    name,
    resnets: Array.from({ length: blocks }, (_, i) => ({
      inChannels: (i === 0 ? below : outChannels) + (i === blocks - 1 ? aside : outChannels),
      outChannels,
    })),
    attention: type === 'AttnUpBlock2D',
    resample: index < reversed.length - 1 ? { name: `${name}.upsamplers.0`, by: resampledBy(type, config.upsample_type), to: 'up' } : undefined,
    channels: outChannels,
  };
}
