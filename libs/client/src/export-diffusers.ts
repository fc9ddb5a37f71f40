import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { diffusersModelIndex, diffusersSchedulerConfig, diffusersUnetConfig, encodeSafetensors, exportTensors, unet2dLayout } from '@langevin/diffusion-core/io';
import type { DiffusersScheduler } from '@langevin/diffusion-core/io';
import { denoiserCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { temporaryBeside, writeError } from './replace-file.js';

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
  const target = resolve(directory);
  await refuseContent(target);
  const temporary = temporaryBeside(target);
  try {
    for (const [path, content] of diffusersFiles(checkpoint, options.scheduler ?? 'DDIMScheduler')) {
      await mkdir(dirname(join(temporary, path)), { recursive: true });
      await writeFile(join(temporary, path), content);
    }
    // rename(2) replaces an empty directory, and refuses one that has been filled meanwhile.
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true });
    throw writeError(thrown, target);
  }
}

function diffusersFiles(checkpoint: CheckpointWeights, scheduler: DiffusersScheduler): [string, string | Uint8Array][] {
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

async function refuseContent(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (thrown) {
    const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
    if (code === 'ENOENT') return;
    throw writeError(thrown, directory);
  }
  if (names.length > 0) {
    throw new LangevinError('object_exists', `${directory} holds ${names.length} entries already, e.g. ${names[0]}; name a new or empty directory`);
  }
}
