import { parseClassifier2DConfig } from '@langevin/contracts';

/** A classifier with every kind of block, small enough for the plain JavaScript backend. For tests. */
export const tinyClassifierConfig = parseClassifier2DConfig({
  sample_size: 4,
  block_out_channels: [4, 8],
  down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
  attention_head_dim: 4,
  norm_num_groups: 2,
  num_classes: 3,
});
