/** At smoothing 0.9 a change has decayed to 90 % after a thousandth of the visible width, whatever the density of the points. */
const spansPerView = 1000;

/**
 * Exponential moving average of a curve, debiased: it starts at the first value instead of at 0 (Kingma & Ba 2015, section 3). The decay
 * between two points follows from their distance, as a share of the width in view: buckets of any size give the same curve.
 * @param weight 0 (no smoothing) to below 1
 * @param x ascending
 * @param y null where there is no value; the average skips it
 */
export function smooth(x: readonly number[], y: readonly (number | null)[], weight: number): (number | null)[] {
  const width = (x.at(-1) ?? 0) - (x[0] ?? 0);
  if (weight <= 0 || width <= 0) return [...y];
  let sum = 0;
  let mass = 0;
  let previous: number | undefined;
  return y.map((value, i) => {
    if (value === null) return null;
    const here = x[i] ?? 0;
    const decay = previous === undefined ? weight : weight ** (((here - previous) / width) * spansPerView);
    previous = here;
    sum = sum * decay + value * (1 - decay);
    mass = mass * decay + (1 - decay);
    return mass > 0 ? sum / mass : value;
  });
}
