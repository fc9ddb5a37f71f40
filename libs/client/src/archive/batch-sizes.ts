/** How many images are coded at once. */
export interface BatchGrowth {
  /** At most so many. */
  readonly largest: number;
  /** Two at once from twice so many on, four from four times so many on. */
  readonly growth: number;
}

/**
 * How many images each batch has. The first draws its noise from the seed, later ones from the code of those before: they grow with it, so that the seed stays
 * that of a single image.
 */
export function batchSizes(images: number, { largest, growth }: BatchGrowth): number[] {
  const sizes: number[] = [];
  for (let done = 0; done < images; done += sizes.at(-1) ?? 0) {
    let size = 1;
    while (2 * size <= largest && 2 * size * growth <= done) size *= 2;
    sizes.push(Math.min(size, images - done));
  }
  return sizes;
}
