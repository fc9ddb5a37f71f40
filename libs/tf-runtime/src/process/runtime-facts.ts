import { bindingVersion, tensorFlowVersion } from '../install/wheel-pins.js';
import { currentPlatform } from '../install/runtime-cache.js';
import type { TensorRuntime } from '../load/load-tensorflow.js';
import { cpuInfo } from './cpu-info.js';

/** Everything about this process that the bits of its results depend on, for `langevin doctor` and for the numerics class. */
export interface RuntimeFacts {
  /** For example "tensorflow-cpu 2.21.0". */
  readonly backend: string;
  /** Release of native TensorFlow; null on the portable backends. */
  readonly tensorFlow: string | null;
  /** Release of the compiled binding; null on the portable backends. */
  readonly binding: string | null;
  /** Release of TensorFlow.js. */
  readonly tfjs: string;
  readonly node: string;
  /** `<process.platform>-<process.arch>`. */
  readonly platform: string;
  readonly cpuModel: string;
  /** Instruction sets that change TensorFlow's arithmetic, sorted; empty where the system does not list them. */
  readonly isa: readonly string[];
  /** Threads inside one operation; null when `TF_NUM_INTRAOP_THREADS` leaves it to TensorFlow. Portable backends have 1. */
  readonly threads: number | null;
  /** Whether TensorFlow uses oneDNN's kernels. */
  readonly oneDnn: boolean;
}

/** Collects the facts about a loaded runtime in an environment. */
export function runtimeFacts(runtime: TensorRuntime, env: NodeJS.ProcessEnv = process.env): RuntimeFacts {
  const cpu = cpuInfo();
  const threads = Number(env['TF_NUM_INTRAOP_THREADS']);
  return {
    backend: runtime.backend,
    tensorFlow: runtime.fast ? tensorFlowVersion : null,
    binding: runtime.fast ? bindingVersion : null,
    tfjs: runtime.tf.version_core,
    node: process.versions.node,
    platform: currentPlatform(),
    cpuModel: cpu.model,
    isa: cpu.isa,
    threads: runtime.fast ? (Number.isInteger(threads) && threads > 0 ? threads : null) : 1,
    oneDnn: runtime.fast && env['TF_ENABLE_ONEDNN_OPTS'] !== '0',
  };
}
