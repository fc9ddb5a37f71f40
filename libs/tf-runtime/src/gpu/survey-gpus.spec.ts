import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chooseGpu } from './choose-gpu.js';
import { surveyGpus } from './survey-gpus.js';

const row = (index: number, uuid: string) => `${index}, ${uuid}, NVIDIA L4, 8.9, 570.86.15, 23034`;

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'langevin-gpu-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An environment in which `nvidia-smi` is a program that does this. */
function withTool(script: string): NodeJS.ProcessEnv {
  const file = path.join(root, 'nvidia-smi');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { PATH: root };
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('surveyGpus', () => {
  it('asks the tool on the PATH for the columns that are read', async () => {
    const env = withTool(`[ "$1" = --query-gpu=index,uuid,name,compute_cap,driver_version,memory.total ] && [ "$2" = --format=csv,noheader,nounits ] && echo "${row(0, 'GPU-a')}"`);
    expect(await surveyGpus(env)).toMatchObject({ devices: [{ index: 0, name: 'NVIDIA L4' }], problem: null });
  });

  it('hears what the tool says on either stream when it fails', async () => {
    expect((await surveyGpus(withTool('echo "No devices were found" >&2; exit 6'))).problem).toMatch(/finds no GPU/);
    expect((await surveyGpus(withTool('echo "No devices were found"; exit 6'))).problem).toMatch(/finds no GPU/);
  });

  it('says that there is no tool', async () => {
    expect((await surveyGpus({ PATH: root })).problem).toMatch(/nvidia-smi is not on the PATH/);
  });
});

onLinux('chooseGpu', () => {
  const two = `echo "${row(0, 'GPU-a')}"; echo "${row(1, 'GPU-b')}"`;

  it.each([
    [undefined, 0],
    ['1', 1],
    ['1,0', 1],
    ['GPU-b', 1],
  ])('with CUDA_VISIBLE_DEVICES %s takes GPU %i', async (list, index) => {
    expect(await chooseGpu({ ...withTool(two), ...(list !== undefined && { CUDA_VISIBLE_DEVICES: list }) })).toMatchObject({ index });
  });

  it.each(['', '-1', '2,0'])('with CUDA_VISIBLE_DEVICES "%s" says that none is shown', async (list) => {
    await expect(chooseGpu({ ...withTool(two), CUDA_VISIBLE_DEVICES: list })).rejects.toMatchObject({
      code: 'runtime_missing',
      message: `CUDA_VISIBLE_DEVICES=${list} shows none of this machine's GPUs: 0 (NVIDIA L4), 1 (NVIDIA L4)`,
    });
  });
});
