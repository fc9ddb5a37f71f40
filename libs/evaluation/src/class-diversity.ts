import { LangevinError } from '@langevin/contracts';
import { meanWithinClassDistance, type PointSet } from '@langevin/diffusion-core/metrics';
import { imageSize, type ImageSet } from './image-set.js';

/** How varied images of one class are. Distances are Euclidean, between images as vectors of pixels from 0 to 1. */
export interface ClassDiversity {
  /** Mean distance of two samples of one class, averaged over the classes that were asked for at least twice. */
  readonly withinClassDistance: number;
  /** The same of held-out images of the same classes. */
  readonly withinClassDistanceReal: number;
  /** `withinClassDistance` ÷ `withinClassDistanceReal`: near 0 for one prototype a class, near 1 for the variety of real images. */
  readonly diversityRatio: number;
}

/**
 * Compares the variety within each class with that of real images. O(n²) in the number of images of a class.
 * @throws LangevinError `invalid_argument` when no class has two samples and two held-out images
 */
export function classDiversity(samples: ImageSet, heldOut: ImageSet): ClassDiversity {
  const classes = repeatedClasses(samples).filter((label) => repeatedClasses(heldOut).includes(label));
  if (classes.length === 0) throw new LangevinError('invalid_argument', 'no class has two samples and two held-out images: there is no distance to average');
  const withinClassDistance = averageWithin(pixelVectors(samples), samples.labels, classes);
  const withinClassDistanceReal = averageWithin(pixelVectors(heldOut), heldOut.labels, classes);
  return { withinClassDistance, withinClassDistanceReal, diversityRatio: withinClassDistance / withinClassDistanceReal };
}

/** Images as vectors of pixels from 0 to 1, clamped to what a picture shows. */
export function pixelVectors({ images, imageShape }: ImageSet): PointSet {
  return { data: images.map((value) => (Math.min(1, Math.max(-1, value)) + 1) / 2), dimensions: imageSize(imageShape) };
}

/** Classes that have two images at least. */
function repeatedClasses({ labels }: ImageSet): number[] {
  const all = Array.from(labels);
  return [...new Set(all.filter((label, index) => all.indexOf(label) !== index))];
}

/** Class by class, so that classes with more images, or with more variety, weigh no more than the others. */
function averageWithin({ data: all, dimensions }: PointSet, labels: ArrayLike<number>, classes: readonly number[]): number {
  const distances = classes.map((label) => {
    const members = Array.from(labels).flatMap((other, index) => (other === label ? [index] : []));
    const data = new Float32Array(members.length * dimensions);
    members.forEach((index, place) => data.set(all.subarray(index * dimensions, (index + 1) * dimensions), place * dimensions));
    return meanWithinClassDistance({ data, dimensions }, members.map(() => label));
  });
  return distances.reduce((sum, value) => sum + value, 0) / distances.length;
}
