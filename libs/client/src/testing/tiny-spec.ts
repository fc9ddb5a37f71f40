/** A job of a network small enough for plain JavaScript: 4×4 images, two levels. `model` adds to or replaces its options. */
export function tinySpec(model: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    name: 'tiny',
    dataset: { name: 'mnist-digits' },
    model: {
      sample_size: 4,
      block_out_channels: [4, 8],
      down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
      up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
      attention_head_dim: 4,
      norm_num_groups: 2,
      ...model,
    },
    training: { steps: 10 },
    checkpoints: { everySteps: 5 },
  };
}

/** A job of a noisy classifier of three classes for the images of `tinySpec`. */
export function tinyClassifierSpec(): Record<string, unknown> {
  return {
    name: 'tiny-classifier',
    dataset: { name: 'mnist-digits' },
    model: {
      type: 'classifier2d',
      sample_size: 4,
      block_out_channels: [4, 8],
      down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
      attention_head_dim: 4,
      norm_num_groups: 2,
      num_classes: 3,
    },
    training: { steps: 10 },
    checkpoints: { everySteps: 5 },
  };
}
