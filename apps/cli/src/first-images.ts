import type { ImageSet } from '@langevin/evaluation';

/** The first images of a set, all of them where it has no more. */
export function firstImages({ images, labels, imageShape }: ImageSet, count: number): ImageSet {
  return { imageShape, labels: Array.from(labels).slice(0, count), images: images.slice(0, (images.length / labels.length) * count) };
}
