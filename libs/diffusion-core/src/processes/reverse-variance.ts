import type { GaussianProcess } from './gaussian-process.js';

/** The least and the largest variance of a reverse step that Ho et al. (2020), §3.2, have reasons for. */
export interface VarianceLimits {
  /** β̃, right for data that are one point. */
  readonly small: number;
  /** β, right for data of unit variance. */
  readonly large: number;
}

/** Not `** 2`: its last bit is V8's own affair. */
const square = (x: number): number => x * x;

/**
 * β̃ and β of the step t → tPrev of any process. To clean data β̃ is 0, whose logarithm no network can interpolate: there it is that of the step
 * before, t + 1 → t (Nichol & Dhariwal 2021, §3.1).
 */
export function varianceLimits(process: GaussianProcess, { t, tPrev }: { readonly t: number; readonly tPrev: number }): VarianceLimits {
  const [sigma2, sigma2Prev] = [square(process.sigma(t)), square(process.sigma(tPrev))];
  const large = sigma2 - square(process.alpha(t) / process.alpha(tPrev)) * sigma2Prev;
  if (sigma2Prev > 0) return { small: (large * sigma2Prev) / sigma2, large };
  return { small: t + 1 <= process.tMax ? varianceLimits(process, { t: t + 1, tPrev: t }).small : large, large };
}
