import type { UNet2DConfig } from '@langevin/contracts';
import { embeddingParameters, encoderParameters, levelParameters } from './encoder2d-layout.js';
import { convolutionParameters, normalisationParameters, startingAtZero } from './layer-declarations.js';
import { parameterLayout, type ParameterDeclaration, type ParameterLayout } from './parameter-layout.js';
import { unet2dStructure, type UNet2DStructure } from './unet2d-structure.js';

/**
 * Names, shapes and places of every parameter of the U-Net, with the names of diffusers' `UNet2DModel`. Needs no tensor
 * runtime.
 * @throws LangevinError `invalid_spec` for a configuration that cannot be built
 */
export function unet2dLayout(config: UNet2DConfig): ParameterLayout {
  const structure = unet2dStructure(config);
  const first = config.block_out_channels[0]!;
  return parameterLayout([
    ...encoderParameters(config, structure, classParameters(config, structure)),
    ...structure.up.flatMap((level) => levelParameters(level, structure.blocks)),
    ...normalisationParameters('conv_norm_out', first),
    ...startingAtZero(convolutionParameters('conv_out', 3, first, config.out_channels), structure.blocks.zeroInit),
  ]);
}

/** Of what is embedded beside time: a table of classes, or the layers of a second time. */
function classParameters(config: UNet2DConfig, structure: UNet2DStructure): ParameterDeclaration[] {
  if (config.class_embed_type === 'timestep') return embeddingParameters('class_embedding', config, structure);
  if (config.num_class_embeds === undefined) return [];
  return [{ name: 'class_embedding.weight', kind: 'table', shape: [config.num_class_embeds, structure.blocks.embeddingDim], fanIn: 1 }];
}
