import { readNvidiaSmi } from './nvidia-smi.js';

const h100 = '0, GPU-8f6d2a3c-1f0e-4d7b-9a52-6c1d0e3b7f21, NVIDIA H100 80GB HBM3, 9.0, 570.86.15, 81559';
const l4 = '1, GPU-0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0, NVIDIA L4, 8.9, 570.86.15, 23034';

describe('readNvidiaSmi', () => {
  it('reads name, compute capability, driver and memory of every GPU', () => {
    expect(readNvidiaSmi({ code: 0, output: `${h100}\n${l4}\n\n` }, true)).toEqual({
      devices: [
        { index: 0, uuid: 'GPU-8f6d2a3c-1f0e-4d7b-9a52-6c1d0e3b7f21', name: 'NVIDIA H100 80GB HBM3', computeCapability: '9.0', driver: '570.86.15', memoryMiB: 81_559 },
        { index: 1, uuid: 'GPU-0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0', name: 'NVIDIA L4', computeCapability: '8.9', driver: '570.86.15', memoryMiB: 23_034 },
      ],
      problem: null,
    });
  });

  // What releases 470 to 570 of the tool print, with their exit codes.
  it.each([
    ['no tool, no driver', null, '', false, /^no NVIDIA driver: nvidia-smi is not on the PATH; install NVIDIA's driver, 525\.60\.13 or newer .*--gpus all$/],
    ['no tool beside a driver', null, '', true, /^the NVIDIA driver is loaded, but nvidia-smi is not on the PATH: .*NVIDIA_DRIVER_CAPABILITIES=compute,utility$/],
    ['no driver', 9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n", false, /no NVIDIA driver is running: sudo modprobe nvidia/],
    ['two halves of a driver', 18, 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.54\n', true, /do not fit .*restart this machine/],
    ['a driver without a GPU', 6, 'No devices were found\n', true, /^the NVIDIA driver runs and finds no GPU: /],
    ['a driver without a GPU, by an older tool', 0, 'No devices were found\n', true, /^the NVIDIA driver runs and finds no GPU: /],
    ['another user', 4, 'Failed to initialize NVML: Insufficient Permissions\n', true, /refuses this user/],
    ['a tool that is too old for the question', 2, 'Field "compute_cap" is not a valid field to query.\n\n', true, /too old for CUDA 12: install NVIDIA's driver, 525\.60\.13/],
    ['something else', 255, 'Failed to initialize NVML: Unknown Error\n', true, /^nvidia-smi ended with code 255: Failed to initialize NVML: Unknown Error$/],
    ['nothing', 0, '', true, /^nvidia-smi ended with code 0: it said nothing$/],
  ])('explains %s in one line', (_what, code, output, kernelDriver, problem) => {
    const survey = readNvidiaSmi({ code, output }, kernelDriver);
    expect(survey.devices).toEqual([]);
    expect(survey.problem).toMatch(problem);
    expect(survey.problem).not.toContain('\n');
  });

  it.each([
    ['525.60.13', true],
    ['525.105.17', true],
    ['535.54', true],
    ['525.60.11', false],
    ['470.256.02', false],
  ])('with the driver %s CUDA 12 runs: %s', (driver, runs) => {
    const { devices, problem } = readNvidiaSmi({ code: 0, output: h100.replace('570.86.15', driver) }, true);
    expect(devices.length).toBe(runs ? 1 : 0);
    if (!runs) expect(problem).toMatch(new RegExp(`^the NVIDIA driver ${driver} is too old for CUDA 12: install`));
  });
});
