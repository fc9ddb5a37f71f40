import type { ParameterDeclaration } from './parameter-layout.js';
import type { BlockKind, ResidualShape } from './encoder2d-structure.js';

/** Parameters of a residual block (`ResnetBlock2D`); one that changes the number of channels has a 1×1 shortcut. */
export function residualBlockParameters(name: string, { inChannels, outChannels }: ResidualShape, { embeddingDim, timeScaleShift, zeroInit }: BlockKind): ParameterDeclaration[] {
  return [
    ...normalisationParameters(`${name}.norm1`, inChannels),
    ...convolutionParameters(`${name}.conv1`, 3, inChannels, outChannels),
    ...linearParameters(`${name}.time_emb_proj`, embeddingDim, timeScaleShift ? 2 * outChannels : outChannels),
    ...normalisationParameters(`${name}.norm2`, outChannels),
    ...startingAtZero(convolutionParameters(`${name}.conv2`, 3, outChannels, outChannels), zeroInit),
    ...(inChannels === outChannels ? [] : convolutionParameters(`${name}.conv_shortcut`, 1, inChannels, outChannels)),
  ];
}

/** Parameters of self-attention over pixels, with the normalisation before it or without. */
export function attentionParameters(name: string, channels: number, { zeroInit }: Pick<BlockKind, 'zeroInit'>, isNormalised = true): ParameterDeclaration[] {
  return [
    ...(isNormalised ? normalisationParameters(`${name}.group_norm`, channels) : []),
    ...['to_q', 'to_k', 'to_v'].flatMap((projection) => linearParameters(`${name}.${projection}`, channels, channels)),
    ...startingAtZero(linearParameters(`${name}.to_out.0`, channels, channels), zeroInit),
  ];
}

/** The same parameters, which start at 0 where that is asked for. */
export function startingAtZero(declarations: readonly ParameterDeclaration[], zeroInit: boolean): ParameterDeclaration[] {
  return declarations.map((declaration) => (zeroInit ? { ...declaration, startsAtZero: true } : declaration));
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
