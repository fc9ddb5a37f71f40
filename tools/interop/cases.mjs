const base = { type: 'unet2d', in_channels: 1, out_channels: 1, num_class_embeds: undefined };
const process = { num_train_timesteps: 1000, beta_schedule: 'squaredcos_cap_v2', beta_start: 1e-4, beta_end: 0.02, prediction_type: 'epsilon' };

/** Networks that between them use every option of the configuration, each with a forward process. */
export const cases = [
  {
    name: 'digits: class labels, attention at the lowest level',
    model: {
      ...base,
      sample_size: 28,
      block_out_channels: [32, 64, 64],
      down_block_types: ['DownBlock2D', 'DownBlock2D', 'AttnDownBlock2D'],
      up_block_types: ['AttnUpBlock2D', 'UpBlock2D', 'UpBlock2D'],
      num_class_embeds: 11,
    },
    process,
  },
  {
    name: 'unconditional colour, two blocks a level, attention at the top only on the way down',
    model: {
      ...base,
      sample_size: 16,
      in_channels: 3,
      out_channels: 3,
      block_out_channels: [16, 32],
      layers_per_block: 2,
      down_block_types: ['AttnDownBlock2D', 'DownBlock2D'],
      up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
      attention_head_dim: 16,
      norm_num_groups: 4,
    },
    process: { ...process, beta_schedule: 'linear' },
  },
  {
    name: 'a single level without attention blocks',
    model: { ...base, sample_size: 8, block_out_channels: [8], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'] },
    process: { ...process, prediction_type: 'sample' },
  },
  {
    name: 'the time embedding of DDPM, four levels, attention everywhere, v-prediction',
    model: {
      ...base,
      sample_size: 16,
      block_out_channels: [8, 24, 16, 32],
      layers_per_block: 3,
      down_block_types: ['AttnDownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D'],
      up_block_types: ['AttnUpBlock2D', 'AttnUpBlock2D', 'AttnUpBlock2D', 'AttnUpBlock2D'],
      attention_head_dim: 4,
      norm_num_groups: 8,
      norm_eps: 1e-6,
      num_class_embeds: 3,
      flip_sin_to_cos: false,
      freq_shift: 1,
    },
    process: { ...process, beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012, prediction_type: 'v_prediction' },
  },
  {
    name: 'the blocks of ADM: scale and shift, residual blocks that resample, a number of heads, class labels',
    model: {
      ...base,
      sample_size: 16,
      in_channels: 3,
      out_channels: 3,
      block_out_channels: [8, 16, 24],
      down_block_types: ['ResnetDownsampleBlock2D', 'DownBlock2D', 'AttnDownBlock2D'],
      up_block_types: ['AttnUpBlock2D', 'UpBlock2D', 'ResnetUpsampleBlock2D'],
      downsample_type: 'resnet',
      upsample_type: 'resnet',
      resnet_time_scale_shift: 'scale_shift',
      attn_norm_num_groups: 6,
      num_attention_heads: 2,
      norm_num_groups: 4,
      num_class_embeds: 5,
      zero_init: true,
    },
    process,
  },
  {
    name: 'one head, zeros behind the image, images of 0 … 1, sums divided, another embedding',
    model: {
      ...base,
      sample_size: 16,
      block_out_channels: [8, 16],
      down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
      up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
      attention_head_dim: null,
      norm_num_groups: 4,
      downsample_padding: 0,
      center_input_sample: true,
      mid_block_scale_factor: 1.5,
      time_embedding_dim: 20,
    },
    process,
  },
];

/** A noisy classifier: its encoder is that of a U-Net, its pool is CLIP's. */
export const classifierCase = {
  name: 'a noisy classifier: attention at the lowest level, two blocks a level',
  model: {
    type: 'classifier2d',
    sample_size: 16,
    in_channels: 3,
    block_out_channels: [8, 16],
    layers_per_block: 2,
    down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
    attention_head_dim: 4,
    norm_num_groups: 4,
    num_classes: 10,
  },
};
