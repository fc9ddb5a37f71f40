import { LangevinError } from '@langevin/contracts';

/**
 * Labels for training with classifier-free guidance: label i becomes the null label where uniforms[i] < dropProbability
 * (Ho & Salimans 2022, algorithm 1). A new array.
 *
 * @param uniforms one number in [0, 1) a label, from the purpose `labelDropout`
 * @throws LangevinError `invalid_argument` when lengths differ or the probability lies outside 0 … 1
 */
export function classifierFreeLabels(
  labels: ArrayLike<number>,
  dropProbability: number,
  nullLabel: number,
  uniforms: ArrayLike<number>,
): Int32Array {
  if (labels.length !== uniforms.length) {
    throw new LangevinError('invalid_argument', `${labels.length} labels need as many uniforms, got ${uniforms.length}`);
  }
  if (!(dropProbability >= 0 && dropProbability <= 1)) {
    throw new LangevinError('invalid_argument', `the drop probability ${dropProbability} lies outside 0 … 1`);
  }
  // Equal lengths were checked above, so that the second operand never applies.
  return Int32Array.from(labels, (label, i) => ((uniforms[i] ?? 1) < dropProbability ? nullLabel : label));
}
