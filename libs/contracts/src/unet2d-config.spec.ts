import { parseUNet2DConfig } from './unet2d-config.js';

describe('parseUNet2DConfig', () => {
  it('takes the diffusers defaults for what is left out', () => {
    const config = parseUNet2DConfig({
      sample_size: 8,
      block_out_channels: [16],
      down_block_types: ['DownBlock2D'],
      up_block_types: ['UpBlock2D'],
    });
    expect(config).toMatchObject({ flip_sin_to_cos: true, freq_shift: 0, norm_eps: 1e-5, in_channels: 1 });
  });

  it('refuses a block that is not built', () => {
    expect(() =>
      parseUNet2DConfig({ sample_size: 8, block_out_channels: [16], down_block_types: ['SkipDownBlock2D'], up_block_types: ['UpBlock2D'] }),
    ).toThrow(/model: down_block_types\[0\]: .*DownBlock2D/);
  });

  it('refuses levels that the channels do not fit', () => {
    expect(() =>
      parseUNet2DConfig({ sample_size: 8, block_out_channels: [12], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'] }),
    ).toThrow('model: block_out_channels[0]: 12 is not divisible by norm_num_groups 8; block_out_channels[0]: 12 is not divisible by attention_head_dim 8');
  });
});
