import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { GpuDevice } from '../gpu/nvidia-smi.js';
import { activate } from './active-runtime.js';
import { isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { loadCpu, loadGpu } from './load-native.js';
import { loadPlainJavaScript, loadWasm } from './portable-backends.js';

/** The command that gets the native runtime. */
export const setupCommand = 'npm run setup:tensorflow';

/** The command that gets the native runtime for NVIDIA GPUs. */
export const gpuSetupCommand = `${setupCommand} -- --gpu`;

/** The backends by which tensors can be computed, best first. */
export type BackendKind = 'tensorflow-gpu' | 'tensorflow-cpu' | 'wasm' | 'cpu';

/** Which backend {@link loadTensorFlow} is to take. */
export interface LoadOptions {
  /** `auto` takes the best one that works; a named one is taken or refused. @default 'auto' */
  readonly backend?: 'auto' | BackendKind;
  /** Receives one line when a slower backend than the best had to be taken. @default nothing is said */
  readonly log?: (line: string) => void;
  /** Where the cache is looked up. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/** A tensor runtime that is ready to compute. */
export interface TensorRuntime {
  /** The one instance of TensorFlow.js in this process. */
  readonly tf: typeof tf;
  readonly kind: BackendKind;
  /** For people and logs: "tensorflow-gpu 2.21.0", "tensorflow-cpu 2.21.0", "wasm 4.22.0" or "cpu 4.22.0". */
  readonly backend: string;
  /** Whether this is the native runtime. */
  readonly fast: boolean;
  /** The GPU that computes, where one does. */
  readonly gpu?: GpuDevice;
  /** Why a better backend was not taken, and the command that gets it. That the runtime for GPUs was never installed is no reason. */
  readonly why?: string;
}

/** A backend that has started. */
type Started = Pick<TensorRuntime, 'kind' | 'backend' | 'gpu'>;

/**
 * Starts TensorFlow.js on the best backend of this machine: native TensorFlow from the cache, on a GPU or else on the processor,
 * else WebAssembly, else plain JavaScript. On a GPU it is the first that `CUDA_VISIBLE_DEVICES` shows, and that one alone.
 *
 * TensorFlow reads its log level and thread counts from the environment when its library loads: in a worker thread,
 * whose `process.env` is a copy, they have to be set when the process starts (see `runtimeEnvironment`).
 * One thread of a process at a time may compute on the native backend.
 * @throws LangevinError `runtime_missing` when the backend asked for does not start.
 */
export async function loadTensorFlow(options: LoadOptions = {}): Promise<TensorRuntime> {
  const { backend: wanted = 'auto', env = process.env, log } = options;
  const reasons: string[] = [];
  for (const kind of wanted === 'auto' ? bestFirst(env) : [wanted]) {
    try {
      return activate(describe(await start(kind, env), reasons, log));
    } catch (cause) {
      const reason = `${kind}: ${cause instanceof Error ? cause.message : String(cause)}`;
      if (wanted !== 'auto') throw new LangevinError('runtime_missing', `${reason}${mend(kind, env)}`, { cause });
      reasons.push(reason);
    }
  }
  throw new LangevinError('runtime_missing', `no tensor backend starts: ${reasons.join('; ')}`);
}

/** The runtime for GPUs is wanted where somebody has installed it. */
function bestFirst(env: NodeJS.ProcessEnv): readonly BackendKind[] {
  return [...(isRuntimeComplete(runtimeDirectory(env, 'gpu')) ? (['tensorflow-gpu'] as const) : []), 'tensorflow-cpu', 'wasm', 'cpu'];
}

async function start(kind: BackendKind, env: NodeJS.ProcessEnv): Promise<Started> {
  switch (kind) {
    case 'tensorflow-gpu':
      return { kind, ...(await loadGpu(env)) };
    case 'tensorflow-cpu':
      return { kind, backend: await loadCpu(env) };
    case 'wasm':
      return { kind, backend: await loadWasm() };
    case 'cpu':
      return { kind, backend: await loadPlainJavaScript() };
  }
}

function describe(started: Started, reasons: readonly string[], log: LoadOptions['log']): TensorRuntime {
  const fast = started.kind.startsWith('tensorflow-');
  if (reasons.length === 0) return { tf, ...started, fast };
  const why = `${reasons.join('; ')}${fast ? '' : `; for the fast backend run: ${setupCommand}`}`;
  log?.(`TensorFlow runs on ${started.backend}, which is slower: ${why}`);
  return { tf, ...started, fast, why };
}

/** A runtime that is there and does not start is not mended by installing it again. */
function mend(kind: BackendKind, env: NodeJS.ProcessEnv): string {
  if (kind !== 'tensorflow-gpu') return `; run: ${setupCommand}`;
  return isRuntimeComplete(runtimeDirectory(env, 'gpu')) ? '' : `; run: ${gpuSetupCommand}`;
}
