/** A stretch of the x axis. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretch after zooming about its middle, within `whole` and in whole numbers.
 * @param factor below 1 zooms in
 * @returns undefined for everything
 */
export function zoomed(shown: Stretch, whole: Stretch, factor: number): Stretch | undefined {
  const middle = (shown.from + shown.to) / 2;
  const half = Math.max(1, ((shown.to - shown.from) / 2) * factor);
  return within({ from: middle - half, to: middle + half }, whole);
}

/** The stretch moved by a share of its width, kept within `whole`. */
export function panned(shown: Stretch, whole: Stretch, share: number): Stretch | undefined {
  const width = shown.to - shown.from;
  const from = Math.min(Math.max(whole.from, shown.from + width * share), whole.to - width);
  return within({ from, to: from + width }, whole);
}

function within({ from, to }: Stretch, whole: Stretch): Stretch | undefined {
  const inside = { from: Math.max(whole.from, Math.round(from)), to: Math.min(whole.to, Math.round(to)) };
  return inside.from <= whole.from && inside.to >= whole.to ? undefined : inside;
}
