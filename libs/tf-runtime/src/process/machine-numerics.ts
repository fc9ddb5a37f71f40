import type { NumericsClass } from '@langevin/contracts';
import type { GpuFacts, RuntimeFacts } from './runtime-facts.js';

/** The machine's part of the numerics class. The Node version is none of it: no arithmetic of ours depends on it. */
export function machineNumerics(facts: RuntimeFacts): NumericsClass {
  return {
    backend: facts.backend,
    binding: facts.binding ?? 'none',
    tfjs: facts.tfjs,
    platform: facts.platform,
    cpuModel: facts.cpuModel,
    isa: facts.isa.join(' '),
    threads: String(facts.threads ?? 'unset'),
    oneDnn: String(facts.oneDnn),
    ...(facts.gpu && gpuNumerics(facts.gpu)),
  };
}

/** Where no GPU computes nothing is said about one: runs that began without this go on. */
function gpuNumerics({ name, computeCapability, driver, cuda, cuDnn, deterministic, autotune, tf32 }: GpuFacts): NumericsClass {
  return { gpu: name, computeCapability, driver, cuda, cuDnn, deterministic: String(deterministic), autotune: String(autotune), tf32: String(tf32) };
}
