import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors } from '@langevin/diffusion-core/io';
import { temporaryFolder } from '@langevin/testing';
import { exportDiffusers } from './export-diffusers.js';
import { importDiffusers } from './import-diffusers.js';
import { openModel } from './open-model.js';
import { tinyCheckpoint } from './testing/tiny-checkpoint.js';

const checkpoint = tinyCheckpoint();
const weights = 'unet/diffusion_pytorch_model.safetensors';

/** A pipeline that Langevin exported. */
async function pipeline() {
  const folder = await temporaryFolder();
  const root = join(folder.path, 'digits');
  await exportDiffusers(checkpoint, root);
  const path = (file: string) => join(root, file);
  return {
    root,
    path,
    async change(file: string, options: object) {
      const json = JSON.parse(await readFile(path(file), 'utf8')) as object;
      await writeFile(path(file), JSON.stringify({ ...json, ...options }));
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('importDiffusers', () => {
  it('reads a pipeline: weights, network, process, and whose they are', async () => {
    await using directory = await pipeline();
    const read = await importDiffusers(directory.root);
    const digest = createHash('sha256').update(await readFile(directory.path(weights))).digest('hex');
    expect(read).toMatchObject({ run: 'tiny', step: 5, digest, weights: 'ema' });
    expect([read.parameters, read.spec.model, read.spec.process]).toEqual([checkpoint.parameters, checkpoint.spec.model, checkpoint.spec.process]);
  });

  it('reads one of another program, with the names of old, under its own name', async () => {
    await using directory = await pipeline();
    const { tensors } = decodeSafetensors(await readFile(directory.path(weights)));
    const former = [['to_q', 'query'], ['to_k', 'key'], ['to_v', 'value'], ['to_out.0', 'proj_attn']] as const;
    const renamed = tensors.map((tensor) => ({ ...tensor, name: former.reduce((name, [today, old]) => name.replace(`attentions.0.${today}.`, `attentions.0.${old}.`), tensor.name) }));
    expect(renamed.some(({ name }) => name.endsWith('proj_attn.bias'))).toBe(true);
    await writeFile(directory.path(weights), encodeSafetensors(renamed));
    await directory.change('scheduler/scheduler_config.json', { _class_name: 'PNDMScheduler', beta_schedule: 'linear', prediction_type: 'sample' });
    const read = await importDiffusers(directory.root);
    expect(read).toMatchObject({ run: 'digits', step: 0, spec: { process: { beta_schedule: 'linear', prediction_type: 'sample' } } });
    expect(read.parameters).toEqual(checkpoint.parameters);
  });

  it('takes a U-Net alone for one that predicts ε under linear β', async () => {
    await using directory = await pipeline();
    const { run, spec } = await importDiffusers(directory.path('unet'));
    expect([run, spec.model]).toEqual(['tiny', checkpoint.spec.model]);
    expect(spec.process).toEqual({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02, prediction_type: 'epsilon' });
  });

  it('is opened like a model that was pulled, and draws', async () => {
    await using directory = await pipeline();
    const model = await openModel(directory.root, { backend: 'cpu' });
    expect([model.record, model.classifier, model.checkpoint.run]).toEqual([undefined, undefined, 'tiny']);
    expect((await model.sample({ labels: [0, 2], steps: 2 })).images).toHaveLength(2 * 16);
    model.dispose();
  });

  it.each([
    ['a part', 'model_index.json', { vqvae: ['diffusers', 'VQModel'] }, 'unsupported', 'Langevin does not have vqvae (VQModel)'],
    ['an option', 'unet/config.json', { act_fn: 'gelu' }, 'unsupported', 'does not build act_fn "gelu" (only "silu")'],
    ['a block', 'unet/config.json', { down_block_types: ['DownBlock2D', 'SkipDownBlock2D'] }, 'invalid_spec', 'down_block_types[1]'],
    ['a scheduler', 'scheduler/scheduler_config.json', { _class_name: 'KarrasVeScheduler' }, 'unsupported', '_class_name "KarrasVeScheduler" is not of the process of DDPM'],
    ['a prediction', 'scheduler/scheduler_config.json', { prediction_type: 'flow_prediction' }, 'unsupported', 'holds no model that Langevin samples: process.prediction_type: invalid option: expected one of "epsilon"|"sample"|"v_prediction"'],
    ['other channels', 'unet/config.json', { out_channels: 3 }, 'unsupported', 'digits holds no model that Langevin samples: model.out_channels: 3 must equal'],
    ['a network of another shape', 'unet/config.json', { block_out_channels: [8, 8] }, 'object_corrupt', 'diffusion_pytorch_model.safetensors: the weights do not fit the network'],
  ])('names %s that it does not have', async (_, file, options, code, message) => {
    await using directory = await pipeline();
    await directory.change(file, options);
    await expect(importDiffusers(directory.root)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('names the file that is missing or damaged', async () => {
    await using directory = await pipeline();
    const refusal = (code: string, file: string, rest: string) => ({ code, message: expect.stringContaining(`${directory.path(file)} ${rest}`) });
    await rename(directory.path(weights), directory.path('unet/pytorch_model.bin'));
    await expect(importDiffusers(directory.root)).rejects.toMatchObject(refusal('object_missing', weights, 'is missing or cannot be read: save the model with `safe_serialization=True`'));
    await writeFile(directory.path('scheduler/scheduler_config.json'), '{');
    await expect(importDiffusers(directory.root)).rejects.toMatchObject(refusal('object_corrupt', 'scheduler/scheduler_config.json', 'is not JSON: '));
    for (const other of ['[]', 'null', '7']) {
      await writeFile(directory.path('scheduler/scheduler_config.json'), other);
      await expect(importDiffusers(directory.root)).rejects.toMatchObject(refusal('object_corrupt', 'scheduler/scheduler_config.json', 'holds no JSON object'));
    }
    await rm(directory.path('unet/config.json'));
    await expect(importDiffusers(directory.root)).rejects.toMatchObject(refusal('object_missing', 'unet/config.json', 'is missing or cannot be read: a directory of diffusers has it'));
  });

  it('is not tried where there is nothing of diffusers, nor where the model was pulled', async () => {
    await using directory = await pipeline();
    await mkdir(directory.path('empty'));
    await expect(openModel(directory.path('empty'), { backend: 'cpu' })).rejects.toMatchObject({ code: 'object_missing', message: expect.stringContaining('is no pulled model') });
    await writeFile(directory.path('langevin.json'), '{}');
    await expect(openModel(directory.root, { backend: 'cpu' })).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('langevin.json is damaged') });
  });
});
