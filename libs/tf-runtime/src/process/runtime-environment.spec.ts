import { availableParallelism } from 'node:os';
import { computeThreads, gpuEnvironment, needsRelaunch, runtimeEnvironment } from './runtime-environment.js';

describe('runtimeEnvironment', () => {
  it('fixes the allocator, the threads and oneDNN', () => {
    expect(runtimeEnvironment({ threads: 2 })).toEqual({
      MALLOC_MMAP_THRESHOLD_: '4294967296',
      MALLOC_TRIM_THRESHOLD_: '8589934592',
      MALLOC_TOP_PAD_: '268435456',
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: '2',
      TF_ENABLE_ONEDNN_OPTS: '0',
      TF_CPP_MIN_LOG_LEVEL: '2',
    });
  });

  it('says how many threads compute', () => {
    expect(computeThreads(runtimeEnvironment({ threads: 3 }))).toBe(3);
    expect(computeThreads({})).toBe(availableParallelism());
  });

  it('shows a trainer its one GPU, whose results are the same every time, and whose memory it takes as it needs it', () => {
    const { threads, ...gpu } = { threads: runtimeEnvironment({ threads: 2 }), ...gpuEnvironment(3) };
    expect(runtimeEnvironment({ threads: 2, device: 3 })).toEqual({ ...threads, ...gpu });
    expect(gpu).toEqual({
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: '3',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      TF_DETERMINISTIC_OPS: '1',
      TF_CUDNN_USE_AUTOTUNE: '0',
      NVIDIA_TF32_OVERRIDE: '0',
    });
  });

  it('hides all GPUs from who computes on the processor', () => {
    expect(runtimeEnvironment({ threads: 2, device: null })).toEqual({ ...runtimeEnvironment({ threads: 2 }), CUDA_VISIBLE_DEVICES: '-1' });
  });

  it.each([-1, 0.5, NaN])('refuses the GPU %d', (device) => {
    expect(() => runtimeEnvironment({ threads: 1, device })).toThrow(`a GPU is named by a whole number from 0 on, got ${device}`);
  });

  it.each([0, -1, 1.5, NaN])('refuses %d threads', (threads) => {
    expect(() => runtimeEnvironment({ threads })).toThrow(`threads must be an integer of at least 1, got ${threads}`);
  });
});

describe('needsRelaunch', () => {
  const wanted = runtimeEnvironment({ threads: 2 });

  it('is false in the environment that is wanted, whatever else is set', () => {
    expect(needsRelaunch(wanted, { ...wanted, PATH: '/bin' })).toBe(false);
  });

  it('is true when a variable is absent or has another value', () => {
    expect(needsRelaunch(wanted, {})).toBe(true);
    expect(needsRelaunch(wanted, { ...wanted, TF_NUM_INTRAOP_THREADS: '4' })).toBe(true);
  });

  it('does not start a process again for its log level alone', () => {
    expect(needsRelaunch(wanted, { ...wanted, TF_CPP_MIN_LOG_LEVEL: '0' })).toBe(false);
  });
});
