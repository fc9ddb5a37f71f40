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

  /** Numbers that `sum(p.numel() for p in UNet2DModel(**options).state_dict().values())` of diffusers 0.42.1 gives. */
  const options = {
    sample_size: 16,
    out_channels: 2,
    block_out_channels: [8, 16, 24],
    down_block_types: ['DownBlock2D', 'AttnDownBlock2D', 'ResnetDownsampleBlock2D'],
    up_block_types: ['ResnetUpsampleBlock2D', 'AttnUpBlock2D', 'UpBlock2D'],
    attention_head_dim: 4,
    norm_num_groups: 4,
  };
  const adm = { resnet_time_scale_shift: 'scale_shift', downsample_type: 'resnet', upsample_type: 'resnet', class_embed_type: 'timestep', time_embedding_dim: 20 };
  it.each([
    ['blocks that resample by themselves', {}, 192, 116_890],
    ['those of ADM', adm, 210, 124_754],
    ['a normalised middle', { resnet_time_scale_shift: 'scale_shift', attn_norm_num_groups: 6 }, 192, 124_018],
    ['no attention in the middle', { add_attention: false }, 182, 114_442],
  ])('has as many tensors and parameters as diffusers builds with %s', (_, more, tensors, total) => {
    const { entries, total: found } = unet2dLayout(parseUNet2DConfig({ ...options, ...more }));
    expect([entries.length, found]).toEqual([tensors, total]);
  });

  it('names what resamples by its type', () => {
    const of = (more: object) => new Set(unet2dLayout(parseUNet2DConfig({ ...options, ...more })).entries.map(({ name }) => name));
    const samplers = ['down_blocks.0.downsamplers.0', 'down_blocks.1.downsamplers.0', 'up_blocks.0.upsamplers.0', 'up_blocks.1.upsamplers.0'];
    const kinds = (more: object) => samplers.map((name) => [of(more).has(`${name}.conv.weight`), of(more).has(`${name}.conv1.weight`)]);
    const [conv, resnet] = [[true, false], [false, true]];
    expect(kinds({})).toEqual([conv, conv, resnet, conv]);
    expect(kinds(adm)).toEqual([conv, resnet, resnet, resnet]);
    expect(of(adm).has('mid_block.attentions.0.group_norm.weight')).toBe(false);
    expect(of({}).has('class_embedding.linear_1.weight')).toBe(false);
  });

  it('starts at zero what ends a block, an attention and the network, and nothing else', () => {
    const zeros = (more: object) => unet2dLayout(parseUNet2DConfig({ ...options, ...more })).entries.filter(({ startsAtZero }) => startsAtZero).map(({ name }) => name);
    expect(zeros({})).toEqual([]);
    const all = unet2dLayout(parseUNet2DConfig({ ...options, ...adm })).entries.map(({ name }) => name);
    expect(zeros({ ...adm, zero_init: true })).toEqual(all.filter((name) => /\.conv2\.|to_out\.0\.|^conv_out\./.test(name)));
    expect(zeros({ zero_init: true }).length).toBeGreaterThan(20);
  });

  it('refuses an odd number of channels at the first level', () => {
    const config = parseUNet2DConfig({ ...digits, block_out_channels: [9, 9, 9], norm_num_groups: 3, attention_head_dim: 3 });
    expect(() => unet2dLayout(config)).toThrow('block_out_channels[0]: 9 is odd');
  });
});
