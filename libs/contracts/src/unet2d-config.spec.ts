import { canonicalJson } from './canonical-json.js';
import { imageChannels, parseUNet2DConfig } from './unet2d-config.js';

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

describe('the options that a configuration holds only where they are set', () => {
  const plain = { sample_size: 8, block_out_channels: [16, 24], down_block_types: ['DownBlock2D', 'ResnetDownsampleBlock2D'], up_block_types: ['ResnetUpsampleBlock2D', 'UpBlock2D'] };
  const usual = {
    num_attention_heads: null,
    resnet_time_scale_shift: 'default',
    downsample_type: 'conv',
    downsample_padding: 1,
    add_attention: true,
    attn_norm_num_groups: null,
    mid_block_scale_factor: 1,
    time_embedding_dim: null,
    center_input_sample: false,
    zero_init: false,
    upsample_type: 'conv',
    class_embed_type: null,
  };
  const other = {
    num_attention_heads: 4,
    resnet_time_scale_shift: 'scale_shift',
    downsample_type: 'resnet',
    downsample_padding: 0,
    add_attention: false,
    attn_norm_num_groups: 6,
    mid_block_scale_factor: 1.5,
    time_embedding_dim: 20,
    center_input_sample: true,
    zero_init: true,
    upsample_type: 'resnet',
    class_embed_type: 'identity',
  };

  it('are left out where they are what diffusers takes: the digest of an old job stays', () => {
    expect(canonicalJson(parseUNet2DConfig({ ...plain, ...usual }))).toBe(canonicalJson(parseUNet2DConfig(plain)));
    expect(canonicalJson(parseUNet2DConfig(plain))).toBe(
      '{"attention_head_dim":8,"block_out_channels":[16,24],"down_block_types":["DownBlock2D","ResnetDownsampleBlock2D"],"flip_sin_to_cos":true,"freq_shift":0,"in_channels":1,"layers_per_block":1,"norm_eps":0.00001,"norm_num_groups":8,"out_channels":1,"sample_size":8,"type":"unet2d","up_block_types":["ResnetUpsampleBlock2D","UpBlock2D"]}',
    );
  });

  it('are kept where they are something else', () => {
    expect(parseUNet2DConfig({ ...plain, ...other })).toMatchObject(other);
    expect(parseUNet2DConfig({ ...plain, attention_head_dim: null }).attention_head_dim).toBeNull();
  });

  it.each([
    [{ num_attention_heads: 5 }, 'block_out_channels[0]: 16 is not divisible by num_attention_heads 5; block_out_channels[1]: 24 is not divisible by num_attention_heads 5'],
    [{ attention_head_dim: 12 }, 'block_out_channels[0]: 16 is not divisible by attention_head_dim 12'],
    [{ attn_norm_num_groups: 16 }, 'attn_norm_num_groups: 16 does not divide the 24 channels of the middle'],
    [{ class_embed_type: 'timestep', num_class_embeds: 3 }, 'num_class_embeds: has no meaning with class_embed_type timestep: leave it out'],
    [{ downsample_padding: 2 }, 'downsample_padding'],
    [{ resnet_time_scale_shift: 'ada_group' }, 'resnet_time_scale_shift: invalid option: expected one of "default"|"scale_shift"'],
    [{ low_resolution: { factor: 1 } }, 'low_resolution.factor'],
  ])('are refused where no network can be built: %j', (options, message) => {
    expect(() => parseUNet2DConfig({ ...plain, ...options })).toThrow(message);
  });

  it('replace the size of a head by a number of heads', () => {
    expect(parseUNet2DConfig({ ...plain, attention_head_dim: 12, num_attention_heads: 4 })).toMatchObject({ num_attention_heads: 4 });
  });

  it('say how many channels the images have', () => {
    expect(imageChannels(parseUNet2DConfig({ ...plain, in_channels: 6 }))).toBe(6);
    expect(imageChannels(parseUNet2DConfig({ ...plain, in_channels: 6, low_resolution: { factor: 4 } }))).toBe(3);
  });
});
