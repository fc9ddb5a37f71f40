import { bindingVersion, tensorFlowVersion } from '../install/wheel-pins.js';
import { cudaVersion, cuDnnVersion } from '../install/cuda-pins.js';
import { currentPlatform } from '../install/runtime-cache.js';
import type { GpuDevice } from '../gpu/nvidia-smi.js';
import type { TensorRuntime } from '../load/load-tensorflow.js';
import { cpuInfo } from './cpu-info.js';

/** What the bits of a result depend on when a GPU computes it. */
export interface GpuFacts {
  readonly name: string;
  /** For example "9.0". */
  readonly computeCapability: string;
  /** Release of the driver. */
  readonly driver: string;
  /** Release of CUDA's libraries. */
  readonly cuda: string;
  readonly cuDnn: string;
  /** Whether TensorFlow takes operations that give the same bits every time alone. */
  readonly deterministic: boolean;
  /** Whether algorithms of convolutions are chosen by measuring them. */
  readonly autotune: boolean;
  /** Whether products of float32 may be rounded to TensorFloat-32. */
  readonly tf32: boolean;
}

/** Everything about this process that the bits of its results depend on, for `langevin doctor` and for the numerics class. */
export interface RuntimeFacts {
  /** For example "tensorflow-cpu 2.21.0". */
  readonly backend: string;
  /** The GPU that computes; null on a processor. */
  readonly gpu: GpuFacts | null;
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
  /** Threads inside one operation of TensorFlow's; null when `TF_NUM_INTRAOP_THREADS` leaves it to TensorFlow. Portable backends have 1. */
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
    gpu: runtime.gpu ? gpuFacts(runtime.gpu, env) : null,
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

function gpuFacts({ name, computeCapability, driver }: GpuDevice, env: NodeJS.ProcessEnv): GpuFacts {
  return {
    name,
    computeCapability,
    driver,
    cuda: cudaVersion,
    cuDnn: cuDnnVersion,
    deterministic: env['TF_DETERMINISTIC_OPS'] === '1',
    autotune: env['TF_CUDNN_USE_AUTOTUNE'] !== '0',
    tf32: env['NVIDIA_TF32_OVERRIDE'] !== '0',
  };
}
