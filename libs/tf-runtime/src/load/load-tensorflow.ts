import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { currentPlatform, isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { tensorFlowVersion, wheelFor } from '../install/wheel-pins.js';
import { activateBackend } from './activate-backend.js';
import { linkBinding } from './link-binding.js';
import { loadPlainJavaScript, loadWasm } from './portable-backends.js';
import { loadQuietly } from './quiet-load.js';
import { restoreRemovedUtilities } from './node-compat.js';

/** The command that gets the native runtime. */
export const setupCommand = 'npm run setup:tensorflow';

/** The backends by which tensors can be computed, best first. */
export type BackendKind = 'tensorflow-cpu' | 'wasm' | 'cpu';

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
  /** For people and logs: "tensorflow-cpu 2.21.0", "wasm 4.22.0" or "cpu 4.22.0". */
  readonly backend: string;
  /** Whether this is the native runtime. */
  readonly fast: boolean;
  /** Why a better backend was not taken, and the command that gets it. */
  readonly why?: string;
}

/**
 * Starts TensorFlow.js on the best backend of this machine: native TensorFlow from the cache, else WebAssembly, else plain JavaScript.
 *
 * TensorFlow reads its log level and thread counts from the environment when its library loads: in a worker thread,
 * whose `process.env` is a copy, they have to be set when the process starts (see `runtimeEnvironment`).
 * One thread of a process at a time may compute on the native backend.
 * @throws LangevinError `runtime_missing` when the backend asked for does not start.
 */
export async function loadTensorFlow(options: LoadOptions = {}): Promise<TensorRuntime> {
  const wanted = options.backend ?? 'auto';
  const kinds: readonly BackendKind[] = wanted === 'auto' ? ['tensorflow-cpu', 'wasm', 'cpu'] : [wanted];
  const reasons: string[] = [];
  for (const kind of kinds) {
    try {
      const backend = await start(kind, options.env ?? process.env);
      const runtime = { tf, kind, backend, fast: kind === 'tensorflow-cpu' };
      if (reasons.length === 0) return runtime;
      const why = `${reasons.join('; ')}; for the fast backend run: ${setupCommand}`;
      options.log?.(`TensorFlow runs on ${backend}, which is slower: ${why}`);
      return { ...runtime, why };
    } catch (cause) {
      const reason = `${kind}: ${cause instanceof Error ? cause.message : String(cause)}`;
      if (wanted !== 'auto') throw new LangevinError('runtime_missing', `${reason}; run: ${setupCommand}`, { cause });
      reasons.push(reason);
    }
  }
  throw new LangevinError('runtime_missing', `no tensor backend starts: ${reasons.join('; ')}`);
}

async function start(kind: BackendKind, env: NodeJS.ProcessEnv): Promise<string> {
  switch (kind) {
    case 'tensorflow-cpu':
      return loadNative(env);
    case 'wasm':
      return loadWasm();
    case 'cpu':
      return loadPlainJavaScript();
  }
}

async function loadNative(env: NodeJS.ProcessEnv): Promise<string> {
  const directory = runtimeDirectory(env);
  if (!isRuntimeComplete(directory)) {
    throw new LangevinError('runtime_missing', `TensorFlow ${tensorFlowVersion} is not installed in ${directory}`);
  }
  linkBinding(directory);
  restoreRemovedUtilities();
  loadQuietly(directory, wheelFor(currentPlatform())?.libraries ?? [], process.env);
  await import('@tensorflow/tfjs-node-gpu');
  await activateBackend('tensorflow');
  return `tensorflow-cpu ${tensorFlowVersion}`;
}
