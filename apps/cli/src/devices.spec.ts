import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { deviceList } from './common-options.js';
import { langevin, refusal } from './testing/run-langevin.js';

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

describe('langevin doctor', () => {
  /** What it says about GPUs where `nvidia-smi` answers this. */
  async function doctor(script: string): Promise<string[]> {
    await using folder = await temporaryFolder();
    const tool = join(folder.path, 'nvidia-smi');
    writeFileSync(tool, `#!/bin/sh\n${script}\n`);
    chmodSync(tool, 0o755);
    const { stdout } = await langevin(['doctor', '--data-dir', join(folder.path, 'none')], { env: { PATH: `${folder.path}:${process.env['PATH']}` } });
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
