import type { NumericsClass } from '@langevin/contracts';
import type { RuntimeFacts } from '@langevin/tf-runtime';

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
  };
}
