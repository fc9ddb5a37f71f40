import { LangevinError } from '@langevin/contracts';
import { cosFirstQuadrant } from '../rng/elementary.js';

function checkSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1) throw new LangevinError('invalid_spec', `a schedule needs a whole number of steps of at least 1, got ${steps}`);
}

/**
 * ᾱ of the times 0 … T−1 that falls by 1/T at every one, to exactly 0: β_t = 1/(T − t + 1) of the papers' t = 1 … T (Sohl-Dickstein et al. 2015,
 * §2.4.1; D3PM's absorbing process, Austin et al. 2021, §3.1).
 *
 * @throws LangevinError `invalid_spec` unless T is a whole number of at least 1
 */
export function linearSurvival(steps: number): Float64Array {
  checkSteps(steps);
  return Float64Array.from({ length: steps }, (_, t) => (steps - 1 - t) / steps);
}

/**
 * ᾱ_t = cos((u + 0.008)/1.008·π/2)/cos(0.008/1.008·π/2), u = (t + 1)/T: the cosine schedule of multinomial diffusion (Hoogeboom et al. 2021) and of D3PM's
 * uniform process. The root of ᾱ of the Gaussian one (Nichol & Dhariwal 2021, eq. 17); exactly 0 in the end, without a cap.
 *
 * @throws LangevinError `invalid_spec` unless T is a whole number of at least 1
 */
export function cosineSurvival(steps: number): Float64Array {
  checkSteps(steps);
  const cosine = (u: number): number => cosFirstQuadrant(((u + 0.008) / 1.008) * (Math.PI / 2));
  return Float64Array.from({ length: steps }, (_, t) => cosine((t + 1) / steps) / cosine(0));
}

/** ᾱ_t = Π_{s≤t} (1 − β_s) of any β, as `betaSchedule` gives them. */
export function betaSurvival(betas: Float64Array): Float64Array {
  let product = 1;
  return betas.map((beta) => (product *= 1 - beta));
}
