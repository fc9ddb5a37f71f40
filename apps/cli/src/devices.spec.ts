import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { runtimeDirectory } from '@langevin/tf-runtime';
import { deviceList } from './common-options.js';
import { endOf, langevin, langevinJson, refusal, startLangevin } from './testing/run-langevin.js';
import { startCluster, until } from './testing/test-cluster.js';

/** Puts an `nvidia-smi` that does this into a folder, and that folder first on the PATH. */
function withTool(folder: string, script: string): { readonly PATH: string } {
  const tool = join(folder, 'nvidia-smi');
  writeFileSync(tool, `#!/bin/sh\n${script}\n`);
  chmodSync(tool, 0o755);
  return { PATH: `${folder}:${process.env['PATH']}` };
}

/** A cache in which something passes for the runtime for GPUs: enough to choose devices, not to compute on them. */
function withRuntime(folder: string): { readonly LANGEVIN_CACHE: string } {
  const env = { LANGEVIN_CACHE: join(folder, 'cache-of-runtimes') };
  const runtime = runtimeDirectory(env, 'gpu');
  mkdirSync(runtime, { recursive: true });
  writeFileSync(join(runtime, 'library'), 'x');
  writeFileSync(join(runtime, 'runtime.json'), '{"files":{"library":1}}');
  return env;
}

describe('--devices', () => {
  it.each([
    ['all', 'all'],
    ['none', 'none'],
    ['0', [0]],
    ['2,0,11', [2, 0, 11]],
  ])('takes %s', (text, devices) => expect(deviceList(text)).toEqual(devices));

  it.each(['', 'some', '0,', '0,0', '00,0', '-1', '1.5'])('refuses "%s"', (text) => {
    expect(() => deviceList(text)).toThrow('expected all, none, or numbers of GPUs such as 0,1.');
  });

  it.each([
    ['trainer', ['trainer', '--coordinator', '127.0.0.1:1', '--devices', 'all']],
    ['up', ['up', '--port', '0', '--devices', '0,1']],
  ])('of langevin %s, without the runtime for GPUs, starts nothing and says how to get it', async (_command, args) => {
    await using folder = await temporaryFolder();
    writeFileSync(join(folder.path, 'token'), 'token');
    const refused = await refusal([...args, '--data-dir', folder.path], { env: { LANGEVIN_CACHE: folder.path } });
    expect(refused).toMatchObject({ code: 'runtime_missing', message: 'the runtime for GPUs is not installed; run: npm run setup:tensorflow -- --gpu' });
  });
});

describe('langevin trainer --devices all', () => {
  it('starts a trainer for each GPU, which sees that one alone, and starts one anew that is lost', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startCluster(folder.path, 0);
    const tool = withTool(folder.path, 'for gpu in 0 1; do echo "$gpu, GPU-$gpu, NVIDIA L4, 8.9, 570.86.15, 23034"; done');
    const args = ['trainer', '--devices', 'all', '--name', 'box', '--data-dir', folder.path];
    await using trainers = await startLangevin(args, { env: { ...withRuntime(folder.path), ...tool, CUDA_VISIBLE_DEVICES: undefined } });
    const [, first] = await trainers.waitForLine(/attached to .* as (\S+)$/, 60_000);
    await trainers.waitForLine(new RegExp(`attached to .* as (?!${first}$)`), 60_000);

    const attached = await langevinJson<readonly { readonly name: string }[]>(['node', 'ls', '--data-dir', folder.path]);
    expect(attached.map(({ name }) => name).sort()).toEqual(['box-gpu0', 'box-gpu1']);
    const variables = trainers.processes().map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'));
    const shown = variables.flatMap((list) => list.filter((variable) => variable.startsWith('CUDA_VISIBLE_DEVICES=')));
    expect(shown.sort()).toEqual(['CUDA_VISIBLE_DEVICES=0', 'CUDA_VISIBLE_DEVICES=1']);

    const lost = trainers.processes().find((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes('CUDA_VISIBLE_DEVICES=1'));
    process.kill(lost ?? 0, 'SIGKILL');
    await trainers.waitForLine(/langevin: trainer box-gpu1 ended with SIGKILL; it is started anew/);
    await until(async () => (await langevinJson<readonly { readonly name: string }[]>(['node', 'ls', '--data-dir', folder.path])).length === 2, 'the trainer that is started anew', 60_000);
    trainers.signal('SIGINT');
    expect((await endOf(trainers)).code).toBe(0);
    await cluster.stop();
  }, 180_000);
});

describe('langevin doctor', () => {
  /** What it says about GPUs where `nvidia-smi` answers this. */
  async function doctor(script: string): Promise<string[]> {
    await using folder = await temporaryFolder();
    const { stdout } = await langevin(['doctor', '--data-dir', join(folder.path, 'none')], { env: withTool(folder.path, script) });
    return stdout.split('\n').filter((line) => line.startsWith('gpu'));
  }

  it('names a GPU by what nvidia-smi says, with its compute capability and driver', async () => {
    expect(await doctor('echo "0, GPU-8f6d2a3c-1f0e-4d7b-9a52-6c1d0e3b7f21, NVIDIA H100 80GB HBM3, 9.0, 570.86.15, 81559"')).toContain(
      'gpu 0        NVIDIA H100 80GB HBM3, compute capability 9.0, driver 570.86.15, 80 GiB',
    );
  });

  it('explains a driver that does not run', async () => {
    const words = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.";
    expect(await doctor(`echo "${words}"; exit 9`)).toEqual([expect.stringMatching(/^gpu {10}none: nvidia-smi is here, but no NVIDIA driver is running: sudo modprobe nvidia; if that fails, install NVIDIA's driver/)]);
  });
});
