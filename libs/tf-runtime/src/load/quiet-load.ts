import { createRequire } from 'node:module';
import path from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { cudaLibraries } from '../install/cuda-pins.js';
import { quietLoadFile } from '../install/runtime-cache.js';

/** The addon `native/quiet_load.cc`. */
interface QuietLoad {
  load(libraryPath: string, logLevel: string): void;
}

/**
 * Loads TensorFlow's framework library into the process without the notices that it prints while it is being loaded, and
 * sets its log level to errors. A level in `TF_CPP_MIN_LOG_LEVEL` wins; with "0" the notices are left alone.
 * @throws Error of the dynamic linker when the library does not load.
 */
export function loadQuietly(runtime: string, libraries: readonly string[], env: NodeJS.ProcessEnv): void {
  const level = env['TF_CPP_MIN_LOG_LEVEL'] ?? '2';
  const framework = libraries.find((name) => name.includes('framework'));
  if (level === '0' || framework === undefined) return;
  addonOf(runtime).load(path.join(runtime, framework), level);
}

/**
 * Loads NVIDIA's libraries of a runtime by their paths. Whoever asks for one by its name afterwards gets these, and not what
 * `LD_LIBRARY_PATH` or the system has under the same name.
 * @throws Error of the dynamic linker when one does not load.
 */
export function loadCuda(runtime: string): void {
  const addon = addonOf(runtime);
  for (const library of cudaLibraries()) addon.load(path.join(runtime, library), process.env['TF_CPP_MIN_LOG_LEVEL'] ?? '2');
}

/**
 * Loads the library through which CUDA speaks to the driver, as TensorFlow does later, to have the reason when that fails.
 * @throws LangevinError `runtime_missing` when the system has none
 */
export function loadDriver(runtime: string): void {
  try {
    addonOf(runtime).load('libcuda.so.1', process.env['TF_CPP_MIN_LOG_LEVEL'] ?? '2');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LangevinError('runtime_missing', `the NVIDIA driver's libcuda.so.1 does not load (${reason}): install the driver whole; in a container, set NVIDIA_DRIVER_CAPABILITIES=compute,utility`, { cause });
  }
}

function addonOf(runtime: string): QuietLoad {
  // The addon is ours; its one function is declared above.
  return createRequire(import.meta.url)(path.join(runtime, quietLoadFile)) as QuietLoad;
}
