import type { Tensor } from '@tensorflow/tfjs-core';
import type { SamplerName } from '@langevin/contracts';
import {
  ddim,
  ddpmAncestral,
  deis,
  dpmSolver,
  dpmSolverPp2M,
  dpmSolverPp3M,
  dpmSolverPpSinglestep,
  eulerAncestral,
  eulerMaruyama,
  heun,
  lms,
  pndm,
  predictorCorrector,
  sdeDpmSolverPp2M,
  uniPc,
  type DdpmProcess,
  type Denoiser,
  type GridStep,
  type MeanGuidance,
  type Sampler,
  type SamplerOptions,
  type SamplerSteps,
} from '@langevin/diffusion-core';

/** What samplers are given besides model, grid and x. Each takes what it knows of it. */
interface Given {
  readonly noise: (index: number) => Tensor;
  readonly meanGuidance?: MeanGuidance;
}

type Steps = (denoiser: Denoiser, process: DdpmProcess, grid: readonly GridStep[], x: Tensor, given: Given) => SamplerSteps;

function quiet<O extends object>({ steps }: Sampler<O>, options?: O): Steps {
  return (denoiser, process, grid, x) => steps(denoiser, process, grid, x, options);
}

function noisy({ steps }: Sampler<Pick<SamplerOptions, 'noise' | 'onStep'>>): Steps {
  return (denoiser, process, grid, x, { noise }) => steps(denoiser, process, grid, x, { noise });
}

/** Samplers for grids of whole times, with their usual options. */
export const samplersByName: Readonly<Record<SamplerName, Steps>> = {
  ddim: quiet(ddim),
  ddpm: ddpmAncestral.steps,
  heun: quiet(heun),
  lms: quiet(lms),
  deis: quiet(deis),
  pndm: quiet(pndm),
  'dpm-solver': quiet(dpmSolver),
  'dpm-solver++2s': quiet(dpmSolverPpSinglestep, { order: 2 }),
  'dpm-solver++3s': quiet(dpmSolverPpSinglestep, { order: 3 }),
  'dpm-solver++2m': quiet(dpmSolverPp2M),
  'dpm-solver++3m': quiet(dpmSolverPp3M),
  unipc: quiet(uniPc),
  'euler-ancestral': noisy(eulerAncestral),
  'euler-maruyama': noisy(eulerMaruyama),
  'sde-dpm-solver++2m': noisy(sdeDpmSolverPp2M),
  'predictor-corrector': noisy(predictorCorrector),
};
