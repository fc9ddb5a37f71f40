import type { EncoderConfig } from '@langevin/contracts';
import type { EncoderStructure, LevelStructure } from './encoder2d-structure.js';
import { attentionParameters, convolutionParameters, linearParameters, residualBlockParameters } from './layer-declarations.js';
import type { ParameterDeclaration } from './parameter-layout.js';

/**
 * The parameters of an encoder in the order of diffusers' `UNet2DModel`.
 * @param embeddings what is embedded besides time; it has its place behind the time embedding
 */
export function encoderParameters(config: EncoderConfig, structure: EncoderStructure, embeddings: readonly ParameterDeclaration[] = []): ParameterDeclaration[] {
  const { down, midChannels, embeddingDim } = structure;
  const first = config.block_out_channels[0]!;
  const mid = { inChannels: midChannels, outChannels: midChannels };
  return [
    ...convolutionParameters('conv_in', 3, config.in_channels, first),
    ...linearParameters('time_embedding.linear_1', first, embeddingDim),
    ...linearParameters('time_embedding.linear_2', embeddingDim, embeddingDim),
    ...embeddings,
    ...down.flatMap((level) => levelParameters(level, 'downsamplers', embeddingDim)),
    ...residualBlockParameters('mid_block.resnets.0', mid, embeddingDim),
    ...attentionParameters('mid_block.attentions.0', midChannels),
    ...residualBlockParameters('mid_block.resnets.1', mid, embeddingDim),
  ];
}

/** The parameters of one resolution level: residual blocks, attention behind each, and what changes the resolution. */
export function levelParameters(level: LevelStructure, resampler: 'downsamplers' | 'upsamplers', embeddingDim: number): ParameterDeclaration[] {
  const { name, resnets, channels } = level;
  return [
    ...resnets.flatMap((shape, i) => residualBlockParameters(`${name}.resnets.${i}`, shape, embeddingDim)),
    ...(level.attention ? resnets.flatMap((_, i) => attentionParameters(`${name}.attentions.${i}`, channels)) : []),
    ...(level.resample ? convolutionParameters(`${name}.${resampler}.0.conv`, 3, channels, channels) : []),
  ];
}
