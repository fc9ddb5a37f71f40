import type { Denoiser } from '../parameterizations/denoiser.js';

/** A change to a denoiser. Guidance and thresholds are wrapped around it, so that their order can be read. */
export type Guidance = (denoiser: Denoiser) => Denoiser;
