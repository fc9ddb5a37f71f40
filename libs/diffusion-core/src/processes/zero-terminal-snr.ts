import { LangevinError } from '@langevin/contracts';

/**
 * β whose last level has no signal at all: √ᾱ is shifted so that the last one is exactly 0, and scaled so that the first one stays (Lin et al.
 * 2024, algorithm 1). The last β is 1. A new array.
 *
 * @throws LangevinError `invalid_spec` when the signal does not fall between the first and the last level
 */
export function rescaleBetasZeroSnr(betas: Float64Array): Float64Array {
  let product = 1;
  const roots = betas.map((beta) => Math.sqrt((product *= 1 - beta)));
  const [first, last] = [roots[0] ?? 0, roots.at(-1) ?? 0];
  if (!(first > last)) throw new LangevinError('invalid_spec', `process.rescale_betas_zero_snr: needs several noise levels, got ${betas.length}`);
  const levels = roots.map((root) => {
    const moved = ((root - last) * first) / (first - last);
    return moved * moved;
  });
  return levels.map((level, i) => 1 - level / (levels[i - 1] ?? 1));
}
