import type { GpuDevice, GpuFacts, GpuSurvey } from '@langevin/tf-runtime';

/** What is known about GPUs. */
export interface GpuSituation {
  /** The GPU that computes, if one does. */
  readonly facts: GpuFacts | null;
  readonly survey: GpuSurvey;
  /** Whether the runtime for GPUs is installed, and the command that does it. */
  readonly installed: boolean;
  readonly setupCommand: string;
  /** Why no GPU computes, as far as the start of the runtime found out. */
  readonly why: string | null;
}

/** The lines of `langevin doctor` about GPUs: the one that computes with everything that its results depend on, the others, or what is in the way. */
export function gpuLines({ facts, survey, installed, setupCommand, why }: GpuSituation): string[] {
  const found = survey.devices.map((device) => `gpu ${device.index}        ${describe(device)}`);
  if (facts) {
    const how = [facts.deterministic ? 'deterministic' : 'NOT deterministic', facts.tf32 ? 'TF32' : 'no TF32', facts.autotune ? 'autotuned' : 'no autotuning'];
    return [...found, `computes on  ${facts.name}, CUDA ${facts.cuda}, cuDNN ${facts.cuDnn}; ${how.join(', ')}`];
  }
  if (survey.problem !== null) return [`gpu          none: ${survey.problem}`];
  return [...found, `gpu unused   ${installed ? (why ?? 'the processor computes') : `for its runtime run: ${setupCommand}`}`];
}

function describe({ name, computeCapability, driver, memoryMiB }: GpuDevice): string {
  return `${name}, compute capability ${computeCapability}, driver ${driver}, ${(memoryMiB / 1024).toFixed(0)} GiB`;
}
