import { parseUNet2DConfig } from '@langevin/contracts';
import { unet2dLayout } from './unet2d-layout.js';

const digits = {
  sample_size: 28,
  block_out_channels: [32, 64, 64],
  down_block_types: ['DownBlock2D', 'DownBlock2D', 'AttnDownBlock2D'],
  up_block_types: ['AttnUpBlock2D', 'UpBlock2D', 'UpBlock2D'],
  num_class_embeds: 11,
};

describe('unet2dLayout', () => {
  const layout = unet2dLayout(parseUNet2DConfig(digits));
  const shapes = new Map(layout.entries.map((entry) => [entry.name, entry.shape]));

  it('has as many tensors and parameters as the network that diffusers 0.42.1 builds', () => {
    expect(layout.entries).toHaveLength(183);
    expect(layout.total).toBe(1_114_209);
  });

  it('gives diffusers’ names to tensors of the right shape', () => {
    expect(shapes.get('class_embedding.weight')).toEqual([11, 128]);
    expect(shapes.get('down_blocks.1.resnets.0.conv_shortcut.weight')).toEqual([1, 1, 32, 64]);
    expect(shapes.has('down_blocks.0.resnets.0.conv_shortcut.weight')).toBe(false);
    expect(shapes.has('down_blocks.2.downsamplers.0.conv.weight')).toBe(false);
    expect(shapes.get('up_blocks.1.resnets.1.norm1.weight')).toEqual([96]);
    expect(shapes.get('up_blocks.0.attentions.1.to_out.0.weight')).toEqual([64, 64]);
    expect(shapes.get('mid_block.attentions.0.group_norm.bias')).toEqual([64]);
  });

  it('refuses an odd number of channels at the first level', () => {
    const config = parseUNet2DConfig({ ...digits, block_out_channels: [9, 9, 9], norm_num_groups: 3, attention_head_dim: 3 });
    expect(() => unet2dLayout(config)).toThrow('block_out_channels[0]: 9 is odd');
  });
});
