import { LangevinError } from '@langevin/contracts';
import { alphaBarAt, alphaBarProcess, type LogSnrMinOptions } from './alpha-bar-process.js';
import type { GaussianProcess } from './gaussian-process.js';

/** Which piece of the sigmoid is taken. */
export interface SigmoidOptions extends LogSnrMinOptions {
  /** @default -3 */
  readonly start?: number;
  /** @default 3 */
  readonly end?: number;
  /** τ: the piece is taken from start/τ to end/τ. @default 1 */
  readonly temperature?: number;
}

/**
 * The sigmoid schedule in continuous time: with u(t) from start/τ to end/τ, α²(t) = (sigmoid(u(1)) − sigmoid(u(t)))/(sigmoid(u(1)) − sigmoid(u(0))),
 * from clean data at 0 to where λ = logSnrMin, a little before 1 (Jabri et al. 2022; Chen 2023, algorithm 1).
 *
 * @throws LangevinError `invalid_spec` unless start < end and temperature > 0, or for a logSnrMin that is not below 0
 */
export function sigmoidProcess({ start = -3, end = 3, temperature = 1, logSnrMin = -20 }: SigmoidOptions = {}): GaussianProcess {
  const [first, last] = [start / temperature, end / temperature];
  if (!(temperature > 0 && first < last && last - first < Number.POSITIVE_INFINITY)) {
    throw new LangevinError('invalid_spec', `needs start < end and temperature > 0, got ${start}, ${end} and ${temperature}`);
  }
  const place = (t: number): number => first + t * (last - first);
  /** sigmoid(b) − sigmoid(a), which loses no digits where both are nearly the same. */
  const rise = (a: number, b: number): number => Math.sinh((b - a) / 2) / (2 * Math.cosh(a / 2) * Math.cosh(b / 2));
  const whole = rise(first, last);
  const atEnd = 1 / (1 + Math.exp(-last)) - alphaBarAt(logSnrMin) * whole;
  return alphaBarProcess(
    {
      missing: (t) => rise(first, place(t)) / whole,
      logSlope: (t) => ((first - last) * Math.cosh(last / 2)) / (2 * Math.cosh(place(t) / 2) * Math.sinh((last - place(t)) / 2)),
    },
    (Math.log(atEnd / (1 - atEnd)) - first) / (last - first),
  );
}
