import { parseUNet2DConfig } from '@langevin/contracts';
import { PhiloxStream } from '../../rng/index.js';
import { initParameters } from '../init-parameters.js';
import type { ParameterLayout } from '../parameter-layout.js';

/** A class-conditional network with every kind of block, small enough for the plain JavaScript backend. For tests. */
export const tinyConfig = parseUNet2DConfig({
  sample_size: 4,
  block_out_channels: [4, 8],
  down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
  up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
  attention_head_dim: 4,
  norm_num_groups: 2,
  num_class_embeds: 3,
});

/** Start values with noise on top, so that no scale is 1 and no offset 0. For tests. */
export function shakenParameters(layout: ParameterLayout, seed: number): Float32Array {
  const noise = new PhiloxStream({ seed, purpose: 'noise' }).fillNormal(new Float32Array(layout.total));
  return initParameters(layout, seed).map((value, i) => value + 0.1 * noise[i]!);
}
