import { LangevinError } from '@langevin/contracts';

/** Images with the class of each: real ones and its own, or drawn ones and the one that was asked for. */
export interface ImageSet {
  /** [n, height, width, channels], flattened; values in [−1, 1]. */
  readonly images: Float32Array;
  /** Height, width, channels of one image. */
  readonly imageShape: readonly [number, number, number];
  /** Class of each image: [n] integers from 0. */
  readonly labels: ArrayLike<number>;
}

/** Values of one image: height · width · channels. */
export function imageSize(shape: readonly [number, number, number]): number {
  return shape[0] * shape[1] * shape[2];
}

/**
 * How many images there are, once their numbers are found to agree.
 * @param what the name of the images, for the message
 * @throws LangevinError `invalid_argument` when there are none, or images and labels differ in number
 */
export function imageCount(data: ImageSet, what: string): number {
  const n = data.labels.length;
  const size = imageSize(data.imageShape);
  if (n === 0) throw new LangevinError('invalid_argument', `${what}: there are no images`);
  if (data.images.length !== n * size) {
    throw new LangevinError(
      'invalid_argument',
      `${what}: ${n} labels need ${n * size} values of [${data.imageShape.join(', ')}] images, got ${data.images.length}`,
    );
  }
  return n;
}
