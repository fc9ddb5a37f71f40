import type { UNet2DConfig } from '@langevin/contracts';
import { parameterLayout, type ParameterDeclaration, type ParameterLayout } from './parameter-layout.js';
import { unet2dStructure, type LevelStructure, type ResidualShape } from './unet2d-structure.js';

/**
 * Names, shapes and places of every parameter of the U-Net, with the names of diffusers' `UNet2DModel`. Needs no tensor
 * runtime.
 * @throws LangevinError `invalid_spec` for a configuration that cannot be built
 */
export function unet2dLayout(config: UNet2DConfig): ParameterLayout {
  const { down, up, midChannels, embeddingDim } = unet2dStructure(config);
  const first = config.block_out_channels[0]!;
  const level = (structure: LevelStructure, resampler: string) => [
    ...structure.resnets.flatMap((shape, i) => residualBlock(`${structure.name}.resnets.${i}`, shape, embeddingDim)),
    ...(structure.attention
      ? structure.resnets.flatMap((_, i) => attention(`${structure.name}.attentions.${i}`, structure.channels))
      : []),
    ...(structure.resample ? convolution(`${structure.name}.${resampler}.0.conv`, 3, structure.channels, structure.channels) : []),
  ];
  const mid = { inChannels: midChannels, outChannels: midChannels };
  return parameterLayout([
    ...convolution('conv_in', 3, config.in_channels, first),
    ...linear('time_embedding.linear_1', first, embeddingDim),
    ...linear('time_embedding.linear_2', embeddingDim, embeddingDim),
    ...(config.num_class_embeds === undefined ? [] : [table('class_embedding.weight', config.num_class_embeds, embeddingDim)]),
    ...down.flatMap((structure) => level(structure, 'downsamplers')),
    ...residualBlock('mid_block.resnets.0', mid, embeddingDim),
    ...attention('mid_block.attentions.0', midChannels),
    ...residualBlock('mid_block.resnets.1', mid, embeddingDim),
    ...up.flatMap((structure) => level(structure, 'upsamplers')),
    ...normalisation('conv_norm_out', first),
    ...convolution('conv_out', 3, first, config.out_channels),
  ]);
}

function residualBlock(name: string, { inChannels, outChannels }: ResidualShape, embeddingDim: number): ParameterDeclaration[] {
  return [
    ...normalisation(`${name}.norm1`, inChannels),
    ...convolution(`${name}.conv1`, 3, inChannels, outChannels),
    ...linear(`${name}.time_emb_proj`, embeddingDim, outChannels),
    ...normalisation(`${name}.norm2`, outChannels),
    ...convolution(`${name}.conv2`, 3, outChannels, outChannels),
    ...(inChannels === outChannels ? [] : convolution(`${name}.conv_shortcut`, 1, inChannels, outChannels)),
  ];
}

function attention(name: string, channels: number): ParameterDeclaration[] {
  const projections = ['to_q', 'to_k', 'to_v', 'to_out.0'];
  return [
    ...normalisation(`${name}.group_norm`, channels),
    ...projections.flatMap((projection) => linear(`${name}.${projection}`, channels, channels)),
  ];
}

function convolution(name: string, side: number, inChannels: number, outChannels: number): ParameterDeclaration[] {
  const fanIn = side * side * inChannels;
  return [
    { name: `${name}.weight`, kind: 'filter', shape: [side, side, inChannels, outChannels], fanIn },
    { name: `${name}.bias`, kind: 'bias', shape: [outChannels], fanIn },
  ];
}

function linear(name: string, inFeatures: number, outFeatures: number): ParameterDeclaration[] {
  return [
    { name: `${name}.weight`, kind: 'matrix', shape: [inFeatures, outFeatures], fanIn: inFeatures },
    { name: `${name}.bias`, kind: 'bias', shape: [outFeatures], fanIn: inFeatures },
  ];
}

function table(name: string, entries: number, features: number): ParameterDeclaration {
  return { name, kind: 'table', shape: [entries, features], fanIn: 1 };
}

function normalisation(name: string, channels: number): ParameterDeclaration[] {
  return [
    { name: `${name}.weight`, kind: 'scale', shape: [channels], fanIn: 1 },
    { name: `${name}.bias`, kind: 'offset', shape: [channels], fanIn: 1 },
  ];
}
