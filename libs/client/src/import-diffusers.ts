import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LangevinError, parseJobSpec, type DenoiserJobSpec, type JobSpec, type UNet2DConfig } from '@langevin/contracts';
import { checkDiffusersPipeline, decodeSafetensors, importTensors, processFromDiffusers, todaysNames, unet2dConfigFromDiffusers, unet2dLayout } from '@langevin/diffusion-core/io';
import type { DiffusersJson } from '@langevin/diffusion-core/io';
import { denoiserCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { pathExists } from './path-exists.js';

const weightsName = 'diffusion_pytorch_model.safetensors';

/** Whether a directory is one of Python's diffusers: a pipeline, or a U-Net alone. */
export async function isDiffusersDirectory(directory: string): Promise<boolean> {
  return (await pathExists(join(directory, 'model_index.json'))) || (await pathExists(join(directory, 'config.json')));
}

/**
 * Reads a directory that Python's diffusers wrote, as if a job had trained what is in it: a pipeline of `model_index.json`, `unet/` and `scheduler/`, or a
 * U-Net alone, `config.json` and its weights, which is then taken for one that predicts ε under linear β. Needs no tensor runtime.
 *
 * The run is named after the directory, or as the weights say when Langevin exported them; `digest` is the sha256 of the file of weights. The last one of
 * `num_class_embeds` is taken for the null label.
 *
 * @throws LangevinError `object_missing` naming the file that is not there; `unsupported` naming every part and option that Langevin does not have, with
 * what it has; `invalid_spec` for a value that is wrong by itself; `object_corrupt` for files that do not fit each other
 */
export async function importDiffusers(directory: string): Promise<CheckpointWeights<DenoiserJobSpec>> {
  const root = resolve(directory);
  const isPipeline = await pathExists(join(root, 'model_index.json'));
  if (isPipeline) checkDiffusersPipeline(await readJson(join(root, 'model_index.json')));
  const unet = isPipeline ? join(root, 'unet') : root;
  const model = unet2dConfigFromDiffusers(await readJson(join(unet, 'config.json')));
  const process = processFromDiffusers(isPipeline ? await readJson(join(root, 'scheduler', 'scheduler_config.json')) : undefined);
  const spec = trainedAs(root, model, process);
  const file = join(unet, weightsName);
  const bytes = await readWeights(file);
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const parameters = importTensors(todaysNames(tensors), unet2dLayout(model));
    const { 'langevin.run': run = basename(root), 'langevin.step': step = '0' } = metadata;
    return denoiserCheckpoint({ run, step: Number(step), digest: createHash('sha256').update(bytes).digest('hex'), weights: 'ema', spec, parameters });
  } catch (cause) {
    throw new LangevinError('object_corrupt', `${file}: ${LangevinError.from(cause).message}`, { cause });
  }
}

/** A job that trains such a network: what none does, Langevin does not sample either. */
function trainedAs(root: string, model: UNet2DConfig, process: DiffusersJson): JobSpec {
  try {
    return parseJobSpec({ name: 'imported', dataset: { name: 'none' }, model, process, training: { steps: 1 }, checkpoints: { everySteps: 1 } });
  } catch (cause) {
    throw new LangevinError('unsupported', `${root} holds no model that Langevin samples: ${LangevinError.from(cause).message.replace('job spec: ', '')}`, { cause });
  }
}

async function readJson(path: string): Promise<DiffusersJson> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LangevinError('object_missing', `${path} is missing or cannot be read: a directory of diffusers has it`, { cause });
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as DiffusersJson; // Its values are looked at one by one.
  } catch (cause) {
    throw new LangevinError('object_corrupt', `${path} is not JSON: ${LangevinError.from(cause).message}`, { cause });
  }
  throw new LangevinError('object_corrupt', `${path} holds no JSON object`);
}

async function readWeights(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new LangevinError('object_missing', `${path} is missing or cannot be read: save the model with \`safe_serialization=True\`, in one file and without a variant`, { cause });
  });
}
