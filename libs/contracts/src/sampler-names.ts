/**
 * Samplers, by the names of their papers. Without noise on their way: `ddim` (η = 0), `heun`, `lms`, `deis`, `pndm`, `dpm-solver` (singlestep, order 3),
 * `dpm-solver++2s`, `…3s` (singlestep), `…2m`, `…3m` (multistep), `unipc` (order 2). With noise: `ddpm`, `euler-ancestral`, `euler-maruyama`, `sde-dpm-solver++2m`,
 * `predictor-corrector`.
 */
export const samplerNames = [
  'ddim',
  'ddpm',
  'heun',
  'lms',
  'deis',
  'pndm',
  'dpm-solver',
  'dpm-solver++2s',
  'dpm-solver++3s',
  'dpm-solver++2m',
  'dpm-solver++3m',
  'unipc',
  'euler-ancestral',
  'euler-maruyama',
  'sde-dpm-solver++2m',
  'predictor-corrector',
] as const;

/** Name of a sampler. */
export type SamplerName = (typeof samplerNames)[number];
