import { availableParallelism } from 'node:os';
import { LangevinError } from '@langevin/contracts';

/** The environment that a process has to start with: variables and their values. */
export type RuntimeEnvironment = Readonly<Record<string, string>>;

/** With what a process may compute. */
export interface EnvironmentOptions {
  /** Threads that compute at the same time: different runs, different operations, or parts of one of ours. No result depends on them. At least 1. */
  readonly threads: number;
  /** Number of the one GPU that it computes on, in the order of the PCI bus; null hides all. @default nothing is said about GPUs */
  readonly device?: number | null | undefined;
}

/**
 * The environment that a trainer's process has to start with: glibc and TensorFlow read these variables once, before any
 * JavaScript runs. The malloc settings keep freed memory instead of returning it to the system after every step (up to
 * twice the speed); the others fix what TensorFlow's results depend on.
 * @throws LangevinError `invalid_argument` when `threads` is no positive integer, or `device` no whole number.
 */
export function runtimeEnvironment({ threads, device }: EnvironmentOptions): RuntimeEnvironment {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new LangevinError('invalid_argument', `threads must be an integer of at least 1, got ${threads}`);
  }
  return {
    MALLOC_MMAP_THRESHOLD_: '4294967296',
    MALLOC_TRIM_THRESHOLD_: '8589934592',
    MALLOC_TOP_PAD_: '268435456',
    // TensorFlow's own operations add in another order with other threads.
    TF_NUM_INTRAOP_THREADS: '1',
    TF_NUM_INTEROP_THREADS: String(threads),
    TF_ENABLE_ONEDNN_OPTS: '0',
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...(device === undefined ? {} : device === null ? { CUDA_VISIBLE_DEVICES: '-1' } : gpuEnvironment(device)),
  };
}

/**
 * What a process that computes on one GPU has to start with: that GPU alone, memory as it is needed instead of all of it at once,
 * operations that give the same bits every time, convolution algorithms that no measurement chose, and float32 products in float32.
 * @throws LangevinError `invalid_argument` when `device` is no whole number.
 */
export function gpuEnvironment(device: number): RuntimeEnvironment {
  if (!Number.isInteger(device) || device < 0) {
    throw new LangevinError('invalid_argument', `a GPU is named by a whole number from 0 on, got ${device}`);
  }
  return {
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: String(device),
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_DETERMINISTIC_OPS: '1',
    TF_CUDNN_USE_AUTOTUNE: '0',
    NVIDIA_TF32_OVERRIDE: '0',
  };
}

/** Threads that compute at the same time in a process with this environment. */
export function computeThreads(env: NodeJS.ProcessEnv = process.env): number {
  const threads = Number(env['TF_NUM_INTEROP_THREADS']);
  return Number.isInteger(threads) && threads > 0 ? threads : availableParallelism();
}

/** Variables that only decide how much is printed: no reason to start a process again. */
const cosmetic = new Set(['TF_CPP_MIN_LOG_LEVEL']);

/** Whether a process with the environment `current` has to be started again to get `wanted`. */
export function needsRelaunch(wanted: RuntimeEnvironment, current: NodeJS.ProcessEnv = process.env): boolean {
  return Object.entries(wanted).some(([name, value]) => !cosmetic.has(name) && current[name] !== value);
}
