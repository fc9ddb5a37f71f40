import type { SamplerOptions } from './linear-steps.js';
import { ddim } from './ddim.js';
import { sampler } from './sampler.js';

/**
 * Euler's method with ancestral noise, known as "Euler a" (k-diffusion): in terms of σ/α, a step of Euler's to σ_down and noise of σ_up on it, with
 * σ_up² = σ_s²(σ_t² − σ_s²)/σ_t² and σ_down² = σ_s² − σ_up². That is DDIM with η = 1, and ancestral sampling with `fixed_small`.
 *
 * @throws LangevinError `invalid_argument` for missing noise
 */
export const eulerAncestral = sampler<SamplerOptions>((denoiser, process, grid, x, options) => ddim.steps(denoiser, process, grid, x, { ...options, eta: 1 }));
