import type { Classifier2DConfig } from '@langevin/contracts';
import { encoderParameters } from './encoder2d-layout.js';
import { encoderStructure } from './encoder2d-structure.js';
import { linearParameters, normalisationParameters } from './layer-declarations.js';
import { parameterLayout, type ParameterLayout } from './parameter-layout.js';

/**
 * Names, shapes and places of every parameter of the classifier: the encoder's as in diffusers' `UNet2DModel`, those of
 * the pool (`attnpool`) as in CLIP. Needs no tensor runtime.
 * @throws LangevinError `invalid_spec` for a configuration that cannot be built
 */
export function classifier2dLayout(config: Classifier2DConfig): ParameterLayout {
  const structure = encoderStructure(config);
  const channels = structure.midChannels;
  const side = config.sample_size / 2 ** (structure.down.length - 1);
  return parameterLayout([
    ...encoderParameters(config, structure),
    ...normalisationParameters('conv_norm_out', channels),
    { name: 'attnpool.positional_embedding', kind: 'position', shape: [side * side + 1, channels], fanIn: channels },
    ...['q_proj', 'k_proj', 'v_proj'].flatMap((name) => linearParameters(`attnpool.${name}`, channels, channels)),
    ...linearParameters('attnpool.c_proj', channels, config.num_classes),
  ]);
}
