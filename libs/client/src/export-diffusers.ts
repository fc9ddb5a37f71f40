import { diffusersModelIndex, diffusersSchedulerConfig, diffusersUnetConfig, encodeSafetensors, exportTensors, unet2dLayout } from '@langevin/diffusion-core/io';
import type { DiffusersScheduler } from '@langevin/diffusion-core/io';
import { denoiserCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { newDirectory, type DirectoryFiles } from './new-directory.js';

/** How a model is written out. */
export interface ExportOptions {
  /** The scheduler that the directory names. @default 'DDIMScheduler' */
  readonly scheduler?: DiffusersScheduler;
}

/**
 * Writes a model as a directory of Python's diffusers: `model_index.json`, `unet/` and `scheduler/`, from which
 * `UNet2DModel.from_pretrained(directory, subfolder="unet")` reads the network. All of it is there or nothing.
 * Needs no tensor runtime. The weights written are those of the checkpoint as it was read: `ema` unless asked otherwise.
 *
 * @param directory must be absent or empty; folders above it are created
 * @throws LangevinError `invalid_argument` for a classifier, which diffusers does not have; `object_exists` when the
 * directory holds something; `storage_full`, `storage_failed`
 */
export async function exportDiffusers(checkpoint: CheckpointWeights, directory: string, options: ExportOptions = {}): Promise<void> {
  await newDirectory(directory, () => diffusersFiles(checkpoint, options.scheduler ?? 'DDIMScheduler'));
}

function diffusersFiles(checkpoint: CheckpointWeights, scheduler: DiffusersScheduler): DirectoryFiles {
  const { spec, parameters, run, step, digest } = denoiserCheckpoint(checkpoint);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const metadata = { format: 'pt', 'langevin.run': run, 'langevin.step': String(step), 'langevin.checkpoint': digest };
  return [
    ['model_index.json', json(diffusersModelIndex(scheduler))],
    ['unet/config.json', json(diffusersUnetConfig(spec.model))],
    ['unet/diffusion_pytorch_model.safetensors', encodeSafetensors(exportTensors(parameters, unet2dLayout(spec.model)), metadata)],
    ['scheduler/scheduler_config.json', json(diffusersSchedulerConfig(spec.process, scheduler))],
  ];
}
