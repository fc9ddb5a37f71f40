import { deis, dpmSolver, dpmSolverPp2M, dpmSolverPp3M, dpmSolverPpSinglestep, euler, heun, lms, pndm, probabilityFlow, uniPc } from '../index.js';
import { ddim } from '../ddim.js';
import type { Sampler } from '../sampler.js';
import type { OdeOptions } from '../walk.js';

/** A deterministic sampler with options, and what is known of it. For tests. */
export interface FlowSampler {
  readonly name: string;
  readonly along: (...args: Parameters<Sampler<OdeOptions>['steps']>) => ReturnType<Sampler<OdeOptions>['steps']>;
  /** Order of its error in the length of the steps. */
  readonly order: number;
}

function flowSampler<O extends OdeOptions>(name: string, { steps }: Sampler<O>, order: number, given?: O): FlowSampler {
  return { name, order, along: (denoiser, process, grid, x) => steps(denoiser, process, grid, x, given) };
}

/** Every deterministic sampler that takes the steps of its grid. UniPC's corrector makes it one order better than its predictor. */
export const flowSamplers: readonly FlowSampler[] = [
  flowSampler('ddim', ddim, 1),
  flowSampler('euler', euler, 1),
  flowSampler('heun', heun, 2),
  flowSampler('lms, order 1', lms, 1, { order: 1 }),
  flowSampler('lms, order 2', lms, 2, { order: 2 }),
  flowSampler('lms, order 3', lms, 3, { order: 3 }),
  flowSampler('lms', lms, 4),
  flowSampler('deis, order 2', deis, 2, { order: 2 }),
  flowSampler('deis', deis, 3),
  flowSampler('pndm', pndm, 2),
  flowSampler('pndm, start heun', pndm, 2, { start: 'heun' }),
  flowSampler('dpmSolver, order 1', dpmSolver, 1, { order: 1 }),
  flowSampler('dpmSolver, order 2', dpmSolver, 2, { order: 2 }),
  flowSampler('dpmSolver', dpmSolver, 3),
  flowSampler('dpmSolverPpSinglestep, order 1', dpmSolverPpSinglestep, 1, { order: 1 }),
  flowSampler('dpmSolverPpSinglestep, order 2', dpmSolverPpSinglestep, 2, { order: 2 }),
  flowSampler('dpmSolverPpSinglestep', dpmSolverPpSinglestep, 3),
  flowSampler('dpmSolverPp2M', dpmSolverPp2M, 2),
  flowSampler('dpmSolverPp3M', dpmSolverPp3M, 3),
  flowSampler('uniPc, order 1', uniPc, 2, { order: 1 }),
  flowSampler('uniPc', uniPc, 3),
  flowSampler('uniPc, bh1', uniPc, 3, { variant: 'bh1' }),
  flowSampler('uniPc, order 3', uniPc, 4, { order: 3 }),
];

/** The flow itself, whose steps are as short as its tolerances ask for. */
export const adaptiveFlow = flowSampler('probabilityFlow', probabilityFlow, Number.POSITIVE_INFINITY, { rtol: 1e-6, atol: 1e-6 });
