import { isDenoiserJob, parseJobSpec } from '@langevin/contracts';

/** Images in one batch, on both sides. */
export const batch = 16;

/** Denoising steps of one image. */
export const samplingSteps = 50;

/** Small, medium and large: what changes is the share of arithmetic in the time of a step. */
const shapes = {
  '8x8x1': { size: 8, colours: 1, channels: [32, 64] },
  '32x32x1': { size: 32, colours: 1, channels: [32, 64, 64] },
  '32x32x3': { size: 32, colours: 3, channels: [64, 128, 128] },
};

/** The networks that can be compared: height, width and colours of their images. */
export const modelNames = Object.keys(shapes);

/**
 * The job that trains one of the networks: one residual block a level, attention in the middle alone, one micro-batch a step.
 * @param precision `fp32` or another that a job can ask for
 * @throws LangevinError `unsupported` when Langevin does not compute in that precision
 */
export function benchmarkJob(model, precision) {
  const { size, colours, channels } = shapes[model];
  const options = {
    name: `bench-${model}`,
    dataset: { name: 'none' },
    model: {
      sample_size: size,
      in_channels: colours,
      out_channels: colours,
      block_out_channels: channels,
      down_block_types: channels.map(() => 'DownBlock2D'),
      up_block_types: channels.map(() => 'UpBlock2D'),
    },
    training: { steps: 1_000_000, virtualWorkers: 1, microBatch: batch, ...(precision !== 'fp32' && { precision }) },
    checkpoints: { everySteps: 1_000_000 },
  };
  try {
    const spec = parseJobSpec(options);
    if (isDenoiserJob(spec)) return spec;
  } catch (cause) {
    throw new Error(`Langevin does not compute ${model} in ${precision}: ${cause.message}`, { cause });
  }
  throw new Error(`${model} is no denoiser`);
}
