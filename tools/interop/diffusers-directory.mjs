import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  diffusersModelIndex,
  diffusersSchedulerConfig,
  diffusersUnetConfig,
  encodeSafetensors,
  exportTensors,
  initParameters,
  modelLayout,
} from '@langevin/diffusion-core/io';

/**
 * Writes a network and its forward process as diffusers keeps them.
 * @param job `model` and `process` of a job, and the seed of the weights unless they are given
 * @param parameters flat, in the order of the network's layout
 */
export function writeDiffusersDirectory(directory, { model, process: forward, seed }, parameters = initParameters(modelLayout(model), seed)) {
  const writeJson = (path, value) => writeFileSync(join(directory, path), `${JSON.stringify(value, null, 2)}\n`);
  for (const folder of ['unet', 'scheduler']) mkdirSync(join(directory, folder), { recursive: true });
  writeJson('model_index.json', diffusersModelIndex('DDIMScheduler'));
  writeJson('unet/config.json', diffusersUnetConfig(model));
  writeJson('scheduler/scheduler_config.json', diffusersSchedulerConfig(forward, 'DDIMScheduler'));
  const weights = encodeSafetensors(exportTensors(parameters, modelLayout(model)), { format: 'pt' });
  writeFileSync(join(directory, 'unet/diffusion_pytorch_model.safetensors'), weights);
}
