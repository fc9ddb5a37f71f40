import { isMainThread } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { GpuDevice } from '../gpu/nvidia-smi.js';
import { chooseGpu } from '../gpu/choose-gpu.js';
import { currentPlatform, isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { tensorFlowVersion, wheelFor } from '../install/wheel-pins.js';
import type { RuntimeFlavor } from '../install/wheel-pins.js';
import { registerAfterKernel } from '../kernels/native/after-kernel.js';
import { registerFusedKernels } from '../kernels/native/fused-kernels.js';
import { gpuEnvironment, needsRelaunch } from '../process/runtime-environment.js';
import { activateBackend } from './activate-backend.js';
import { linkBinding } from './link-binding.js';
import { loadSessionAddon } from '../session/session-addon.js';
import { restoreRemovedUtilities } from './node-compat.js';
import { pointToBinding } from './point-to-binding.js';
import { loadCuda, loadDriver, loadQuietly } from './quiet-load.js';

/** The library that this thread has loaded: one a process, so that a second start takes the same. */
interface LoadedLibrary {
  readonly directory: string;
  readonly flavor: RuntimeFlavor;
  readonly usesGpu: boolean;
}

/** What the backend class of `@tensorflow/tfjs-node-gpu` says about itself. */
interface DeviceReport {
  readonly isUsingGpuDevice: boolean;
}

/** Whether this thread has loaded a library that computes on a GPU. */
export function computesOnGpu(): boolean {
  return loaded?.usesGpu ?? false;
}

let loaded: LoadedLibrary | null = null;
let chosen: GpuDevice | null = null;

/**
 * Starts the runtime for GPUs on the one GPU of this process.
 * @throws LangevinError `runtime_missing` when the runtime or a GPU is not there, with the reason in one line
 */
export async function loadGpu(env: NodeJS.ProcessEnv): Promise<{ readonly backend: string; readonly gpu: GpuDevice }> {
  const directory = completeRuntime(env, 'gpu');
  // What the driver said at the first start holds: this process keeps its GPU.
  chosen ??= await chooseGpu(env);
  enterGpuEnvironment(chosen);
  loadDriver(directory);
  loadCuda(directory);
  const { usesGpu } = await startLibrary(directory, 'gpu');
  if (usesGpu) return { backend: `tensorflow-gpu ${tensorFlowVersion}`, gpu: chosen };
  throw new LangevinError('runtime_missing', `TensorFlow finds no GPU, though the driver ${chosen.driver} lists ${chosen.name}: TF_CPP_MIN_LOG_LEVEL=0 langevin doctor shows what it says`);
}

/**
 * Starts native TensorFlow on the processor: the runtime for processors, or that for GPUs where it is the only one or is loaded already.
 * Returns its name.
 * @throws LangevinError `runtime_missing` when neither is there, or the latter computes on a GPU
 */
export async function loadCpu(env: NodeJS.ProcessEnv): Promise<string> {
  const only = isRuntimeComplete(runtimeDirectory(env)) || !isRuntimeComplete(runtimeDirectory(env, 'gpu')) ? 'cpu' : 'gpu';
  const { flavor, usesGpu } = loaded?.flavor === 'gpu' ? loaded : await startLibrary(completeRuntime(env, only), only);
  if (usesGpu) {
    throw new LangevinError('runtime_missing', 'the runtime for GPUs computes on a GPU here: hide it with CUDA_VISIBLE_DEVICES=-1, or install the runtime for processors');
  }
  // Our own operations have kernels for processors alone.
  registerFusedKernels();
  await activateBackend('tensorflow');
  return `tensorflow-cpu ${tensorFlowVersion}${flavor === 'gpu' ? ' (of the runtime for GPUs)' : ''}`;
}

function completeRuntime(env: NodeJS.ProcessEnv, flavor: RuntimeFlavor): string {
  const directory = runtimeDirectory(env, flavor);
  if (isRuntimeComplete(directory)) return directory;
  throw new LangevinError('runtime_missing', `TensorFlow ${tensorFlowVersion}${flavor === 'gpu' ? ' for GPUs' : ''} is not installed in ${directory}`);
}

/** The libraries read the process's own environment, of which a worker has a copy that nobody reads. */
function enterGpuEnvironment({ index, name }: GpuDevice): void {
  const wanted = gpuEnvironment(index);
  if (isMainThread) {
    Object.assign(process.env, wanted);
  } else if (needsRelaunch(wanted)) {
    const assignments = Object.entries(wanted).map((entry) => entry.join('=')).join(' ');
    throw new LangevinError('runtime_missing', `the worker thread for ${name} needs a process that starts with ${assignments}`);
  }
}

async function startLibrary(directory: string, flavor: RuntimeFlavor): Promise<LoadedLibrary> {
  if (flavor === 'gpu') pointToBinding(directory);
  else linkBinding(directory);
  restoreRemovedUtilities();
  loadQuietly(directory, wheelFor(currentPlatform(), flavor)?.libraries ?? [], process.env);
  await import('@tensorflow/tfjs-node-gpu');
  loadSessionAddon(directory);
  registerAfterKernel();
  await activateBackend('tensorflow');
  // The class behind this name is that of tfjs-node-gpu.
  const { isUsingGpuDevice } = tf.backend() as unknown as DeviceReport;
  loaded = { directory, flavor, usesGpu: isUsingGpuDevice };
  return loaded;
}
