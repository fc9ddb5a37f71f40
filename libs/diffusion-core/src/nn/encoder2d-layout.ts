import type { EncoderConfig } from '@langevin/contracts';
import type { BlockKind, EncoderStructure, LevelStructure, Resample } from './encoder2d-structure.js';
import { attentionParameters, convolutionParameters, linearParameters, residualBlockParameters } from './layer-declarations.js';
import type { ParameterDeclaration } from './parameter-layout.js';

/**
 * The parameters of an encoder in the order of diffusers' `UNet2DModel`.
 * @param embeddings what is embedded besides time; it has its place behind the time embedding
 */
export function encoderParameters(config: EncoderConfig, structure: EncoderStructure, embeddings: readonly ParameterDeclaration[] = []): ParameterDeclaration[] {
  const { down, midChannels, midAttention, blocks } = structure;
  const first = config.block_out_channels[0]!;
  const mid = { inChannels: midChannels, outChannels: midChannels };
  return [
    ...convolutionParameters('conv_in', 3, config.in_channels, first),
    ...embeddingParameters('time_embedding', config, structure),
    ...embeddings,
    ...down.flatMap((level) => levelParameters(level, blocks)),
    ...residualBlockParameters('mid_block.resnets.0', mid, blocks),
    ...(midAttention ? attentionParameters('mid_block.attentions.0', midChannels, blocks, midAttention.groups !== 'none') : []),
    ...residualBlockParameters('mid_block.resnets.1', mid, blocks),
  ];
}

/** The parameters of the two linear layers behind the sinusoids of a time. */
export function embeddingParameters(name: string, config: EncoderConfig, { blocks: { embeddingDim } }: EncoderStructure): ParameterDeclaration[] {
  return [...linearParameters(`${name}.linear_1`, config.block_out_channels[0]!, embeddingDim), ...linearParameters(`${name}.linear_2`, embeddingDim, embeddingDim)];
}

/** The parameters of one resolution level: residual blocks, attention behind each, and what changes the resolution. */
export function levelParameters(level: LevelStructure, blocks: BlockKind): ParameterDeclaration[] {
  const { name, resnets, channels, resample } = level;
  return [
    ...resnets.flatMap((shape, i) => residualBlockParameters(`${name}.resnets.${i}`, shape, blocks)),
    ...(level.attention ? resnets.flatMap((_, i) => attentionParameters(`${name}.attentions.${i}`, channels, blocks)) : []),
    ...(resample ? resampleParameters(resample, channels, blocks) : []),
  ];
}

function resampleParameters({ name, by }: Resample, channels: number, blocks: BlockKind): ParameterDeclaration[] {
  if (by === 'conv') return convolutionParameters(`${name}.conv`, 3, channels, channels);
  return residualBlockParameters(name, { inChannels: channels, outChannels: channels }, blocks);
}
