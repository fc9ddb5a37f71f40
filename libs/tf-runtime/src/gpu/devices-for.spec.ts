import { chooseDevices, devicesFor } from './devices-for.js';
import type { GpuDevice, GpuSurvey } from './nvidia-smi.js';

const device = (index: number): GpuDevice => ({ index, uuid: `GPU-${index}`, name: 'NVIDIA L4', computeCapability: '8.9', driver: '570.86.15', memoryMiB: 23_034 });
const three: GpuSurvey = { devices: [device(0), device(1), device(2)], problem: null };
const none: GpuSurvey = { devices: [], problem: 'no NVIDIA driver' };

describe('chooseDevices', () => {
  it('takes all that are shown, in the order in which they are', () => {
    expect(chooseDevices('auto', three, undefined)).toEqual([0, 1, 2]);
    expect(chooseDevices('all', three, '2,GPU-0')).toEqual([2, 0]);
    expect(chooseDevices([2, 1], three, undefined)).toEqual([2, 1]);
  });

  it('without a GPU has nothing to choose from, and says why to those who asked for one', () => {
    expect(chooseDevices('auto', none, undefined)).toEqual([]);
    expect(chooseDevices('auto', three, '-1')).toEqual([]);
    for (const request of ['all', [0]] as const) expect(() => chooseDevices(request, none, undefined)).toThrow('there is no GPU to compute on: no NVIDIA driver');
    expect(() => chooseDevices('all', three, '')).toThrow('shows none of this machine');
    expect(() => chooseDevices([0, 3], three, undefined)).toThrow('there is no GPU 3 here; there are 0 (NVIDIA L4), 1 (NVIDIA L4), 2 (NVIDIA L4)');
  });
});

describe('devicesFor', () => {
  const env = { LANGEVIN_CACHE: '/nonexistent' };

  it('asks no driver where the runtime for GPUs is not installed', async () => {
    expect(await devicesFor('auto', env)).toEqual([]);
    expect(await devicesFor('none', env)).toEqual([null]);
    await expect(devicesFor('all', env)).rejects.toMatchObject({ code: 'runtime_missing', message: 'the runtime for GPUs is not installed; run: npm run setup:tensorflow -- --gpu' });
  });
});
