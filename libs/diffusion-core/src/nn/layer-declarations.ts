import type { ParameterDeclaration } from './parameter-layout.js';
import type { ResidualShape } from './encoder2d-structure.js';

/** Parameters of a residual block (`ResnetBlock2D`); one that changes the number of channels has a 1×1 shortcut. */
export function residualBlockParameters(name: string, { inChannels, outChannels }: ResidualShape, embeddingDim: number): ParameterDeclaration[] {
  return [
    ...normalisationParameters(`${name}.norm1`, inChannels),
    ...convolutionParameters(`${name}.conv1`, 3, inChannels, outChannels),
    ...linearParameters(`${name}.time_emb_proj`, embeddingDim, outChannels),
    ...normalisationParameters(`${name}.norm2`, outChannels),
    ...convolutionParameters(`${name}.conv2`, 3, outChannels, outChannels),
    ...(inChannels === outChannels ? [] : convolutionParameters(`${name}.conv_shortcut`, 1, inChannels, outChannels)),
  ];
}

/** Parameters of self-attention over pixels. */
export function attentionParameters(name: string, channels: number): ParameterDeclaration[] {
  const projections = ['to_q', 'to_k', 'to_v', 'to_out.0'];
  return [
    ...normalisationParameters(`${name}.group_norm`, channels),
    ...projections.flatMap((projection) => linearParameters(`${name}.${projection}`, channels, channels)),
  ];
}

/** Filter and bias of a convolution of side × side pixels. */
export function convolutionParameters(name: string, side: number, inChannels: number, outChannels: number): ParameterDeclaration[] {
  const fanIn = side * side * inChannels;
  return [
    { name: `${name}.weight`, kind: 'filter', shape: [side, side, inChannels, outChannels], fanIn },
    { name: `${name}.bias`, kind: 'bias', shape: [outChannels], fanIn },
  ];
}

/** Matrix and bias of a linear layer. */
export function linearParameters(name: string, inFeatures: number, outFeatures: number): ParameterDeclaration[] {
  return [
    { name: `${name}.weight`, kind: 'matrix', shape: [inFeatures, outFeatures], fanIn: inFeatures },
    { name: `${name}.bias`, kind: 'bias', shape: [outFeatures], fanIn: inFeatures },
  ];
}

/** Scale and offset of a normalisation. */
export function normalisationParameters(name: string, channels: number): ParameterDeclaration[] {
  return [
    { name: `${name}.weight`, kind: 'scale', shape: [channels], fanIn: 1 },
    { name: `${name}.bias`, kind: 'offset', shape: [channels], fanIn: 1 },
  ];
}
