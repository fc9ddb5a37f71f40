import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { parseUNet2DConfig } from '@langevin/contracts';
import { meanOutput } from './mean-output.js';
import { normalTensor } from './testing/directional-derivative.js';

const options = { sample_size: 2, block_out_channels: [4], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 4, norm_num_groups: 2 };
const output = normalTensor<tf.Rank.R4>([1, 2, 2, 4], 131);

describe('meanOutput', () => {
  it('is the output of a network that learns no variance', () => {
    expect(meanOutput(parseUNet2DConfig({ ...options, in_channels: 4, out_channels: 4 }), output)).toBe(output);
    expect(meanOutput(parseUNet2DConfig({ ...options, in_channels: 8, out_channels: 4, low_resolution: { factor: 2 } }), output)).toBe(output);
  });

  it('is the first half of the channels of one that does', () => {
    for (const more of [{ in_channels: 2 }, { in_channels: 4, low_resolution: { factor: 2 } }]) {
      const mean = meanOutput(parseUNet2DConfig({ ...options, ...more, out_channels: 4 }), output);
      expect(mean.dataSync()).toEqual(tf.slice(output, [0, 0, 0, 0], [1, 2, 2, 2]).dataSync());
    }
  });
});
