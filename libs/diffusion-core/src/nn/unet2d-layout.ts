import type { UNet2DConfig } from '@langevin/contracts';
import { encoderParameters, levelParameters } from './encoder2d-layout.js';
import { convolutionParameters, normalisationParameters } from './layer-declarations.js';
import { parameterLayout, type ParameterDeclaration, type ParameterLayout } from './parameter-layout.js';
import { unet2dStructure } from './unet2d-structure.js';

/**
 * Names, shapes and places of every parameter of the U-Net, with the names of diffusers' `UNet2DModel`. Needs no tensor
 * runtime.
 * @throws LangevinError `invalid_spec` for a configuration that cannot be built
 */
export function unet2dLayout(config: UNet2DConfig): ParameterLayout {
  const structure = unet2dStructure(config);
  const first = config.block_out_channels[0]!;
  const classes = config.num_class_embeds;
  return parameterLayout([
    ...encoderParameters(config, structure, classes === undefined ? [] : [table('class_embedding.weight', classes, structure.embeddingDim)]),
    ...structure.up.flatMap((level) => levelParameters(level, 'upsamplers', structure.embeddingDim)),
    ...normalisationParameters('conv_norm_out', first),
    ...convolutionParameters('conv_out', 3, first, config.out_channels),
  ]);
}

function table(name: string, entries: number, features: number): ParameterDeclaration {
  return { name, kind: 'table', shape: [entries, features], fanIn: 1 };
}
