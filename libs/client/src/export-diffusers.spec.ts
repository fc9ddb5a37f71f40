import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, importTensors, unet2dLayout } from '@langevin/diffusion-core/io';
import { temporaryFolder } from '@langevin/testing';
import { exportDiffusers } from './export-diffusers.js';
import { tinyCheckpoint } from './testing/tiny-checkpoint.js';

const checkpoint = tinyCheckpoint();

async function readJson(...path: string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(...path), 'utf8'));
}

describe('exportDiffusers', () => {
  it('writes the four files of a pipeline, and nothing else', async () => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, 'new', 'export');
    await exportDiffusers(checkpoint, target);
    const names = await readdir(target, { recursive: true });
    expect(names.sort()).toEqual([
      'model_index.json',
      'scheduler',
      'scheduler/scheduler_config.json',
      'unet',
      'unet/config.json',
      'unet/diffusion_pytorch_model.safetensors',
    ]);
    expect(await readdir(join(folder.path, 'new'))).toEqual(['export']);
    expect(await readJson(target, 'model_index.json')).toMatchObject({ _class_name: 'DDIMPipeline', unet: ['diffusers', 'UNet2DModel'] });
    expect(await readJson(target, 'unet/config.json')).toMatchObject({ _class_name: 'UNet2DModel', sample_size: 4, num_class_embeds: 4 });
  });

  it('writes weights that read back bit for bit, and says whose they are', async () => {
    await using folder = await temporaryFolder();
    await exportDiffusers(checkpoint, folder.path);
    const { tensors, metadata } = decodeSafetensors(await readFile(join(folder.path, 'unet/diffusion_pytorch_model.safetensors')));
    expect(importTensors(tensors, unet2dLayout(checkpoint.spec.model))).toEqual(checkpoint.parameters);
    expect(metadata).toEqual({ format: 'pt', 'langevin.run': 'tiny', 'langevin.step': '5', 'langevin.checkpoint': '0'.repeat(64) });
  });

  it('names the scheduler that was asked for', async () => {
    await using folder = await temporaryFolder();
    await exportDiffusers(checkpoint, folder.path, { scheduler: 'DDPMScheduler' });
    expect(await readJson(folder.path, 'scheduler/scheduler_config.json')).toMatchObject({ _class_name: 'DDPMScheduler', clip_sample: false });
    expect(await readJson(folder.path, 'model_index.json')).toMatchObject({ _class_name: 'DDPMPipeline' });
  });

  it('leaves a directory that holds something as it was', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'notes.txt'), 'mine');
    await expect(exportDiffusers(checkpoint, folder.path)).rejects.toThrow(
      expect.objectContaining({ code: 'object_exists', message: `${folder.path} holds 1 entries already, e.g. notes.txt; name a new or empty directory` }),
    );
    expect(await readdir(folder.path)).toEqual(['notes.txt']);
  });

  it('says which path is in the way, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'sub'));
    const file = join(folder.path, 'sub', 'file');
    await writeFile(file, '');
    await expect(exportDiffusers(checkpoint, file)).rejects.toThrow(expect.objectContaining({ code: 'storage_failed' }));
    expect(await readdir(join(folder.path, 'sub'))).toEqual(['file']);
  });
});
