import { isDenoiserJob, parseJobSpec } from '@langevin/contracts';
import { benchmarkNetworks } from '@langevin/testing';

/** Images in one step of training, on both sides, and images that are drawn at a time. */
export const batch = 16;

/** The halves of a step, which two threads compute at the same time. */
const virtualWorkers = 2;

/** Denoising steps of one image. */
export const samplingSteps = 50;

/**
 * The job that trains one of the networks.
 * @param precision `fp32` or another that a job can ask for
 * @throws LangevinError `unsupported` when Langevin does not compute in that precision
 */
export function benchmarkJob(model, precision) {
  const options = {
    name: `bench-${model}`,
    dataset: { name: 'none' },
    model: benchmarkNetworks[model],
    training: { steps: 1_000_000, virtualWorkers, microBatch: batch / virtualWorkers, ...(precision !== 'fp32' && { precision }) },
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
