import { parseClassifier2DConfig } from './classifier2d-config.js';

const config = { sample_size: 8, block_out_channels: [16], down_block_types: ['DownBlock2D'], num_classes: 3 };

describe('parseClassifier2DConfig', () => {
  it('takes the defaults of the U-Net for what is left out', () => {
    expect(parseClassifier2DConfig(config)).toMatchObject({ type: 'classifier2d', flip_sin_to_cos: true, freq_shift: 0, norm_eps: 1e-5, in_channels: 1 });
  });

  it('refuses levels that the channels do not fit', () => {
    expect(() => parseClassifier2DConfig({ ...config, block_out_channels: [12] })).toThrow('model: block_out_channels[0]: 12 is not divisible by norm_num_groups 8');
  });
});
