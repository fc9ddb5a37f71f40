function network(size: number, colours: number, channels: readonly number[]) {
  return {
    sample_size: size,
    in_channels: colours,
    out_channels: colours,
    block_out_channels: channels,
    down_block_types: channels.map(() => 'DownBlock2D'),
    up_block_types: channels.map(() => 'UpBlock2D'),
  };
}

/**
 * The networks of `npm run bench -- step`, by height, width and colours of their images, each as the `model` of a job: one residual block a level,
 * attention in the middle alone. What changes from small to large is the share of arithmetic in the time of a step.
 */
export const benchmarkNetworks = {
  '8x8x1': network(8, 1, [32, 64]),
  '32x32x1': network(32, 1, [32, 64, 64]),
  '32x32x3': network(32, 3, [64, 128, 128]),
} as const;

/** Name of one of them. */
export type BenchmarkNetwork = keyof typeof benchmarkNetworks;

/** Their names, smallest first. */
export const benchmarkNetworkNames = Object.keys(benchmarkNetworks) as BenchmarkNetwork[]; // A literal has no other keys.
