import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from './activate-backend.js';
import { registerMissingKernels } from '../kernels/register-kernels.js';

const require = createRequire(import.meta.url);

/**
 * Starts the WebAssembly backend, with the kernels that training needs and that it lacks. One thread, SIMD: its results
 * do not depend on the number of cores.
 * @throws LangevinError `runtime_missing` when WebAssembly does not start.
 */
export async function loadWasm(): Promise<string> {
  await import('@tensorflow/tfjs');
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  if (!tf.engine().backendNames().includes('wasm') || tf.findBackend('wasm') === null) {
    const binaries = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
    setWasmPaths(`${binaries}${path.sep}`);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  registerMissingKernels('wasm');
  await activateBackend('wasm');
  return `wasm ${version_wasm}`;
}

/**
 * Starts the backend in plain JavaScript.
 * @throws LangevinError `runtime_missing` when it does not start.
 */
export async function loadPlainJavaScript(): Promise<string> {
  await import('@tensorflow/tfjs');
  const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu');
  registerMissingKernels('cpu');
  await activateBackend('cpu');
  // Keeps its advertisement for another package off the terminal; the field is public in its source, not in its types.
  Object.assign(tf.backend(), { firstUse: false });
  return `cpu ${version_cpu}`;
}
