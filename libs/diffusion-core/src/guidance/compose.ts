import type { Guidance } from './guidance.js';

/** One guidance around the other, the first one innermost: `compose(a, b)(denoiser)` is `b(a(denoiser))`. Order counts: a threshold clips what is inside it. */
export function compose(...guidances: readonly Guidance[]): Guidance {
  return (denoiser) => guidances.reduce((inner, guidance) => guidance(inner), denoiser);
}
