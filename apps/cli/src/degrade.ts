import { PhiloxStream } from '@langevin/diffusion-core';
import type { ImageSet } from '@langevin/evaluation';

type Images = Pick<ImageSet, 'images' | 'imageShape'>;

/** A mask [height, width] that hides a square of this side in the middle. */
export function hiddenSquare([height, width]: ImageSet['imageShape'], side: number): number[] {
  const inside = (i: number, length: number): boolean => i >= Math.floor((length - side) / 2) && i < Math.floor((length - side) / 2) + side;
  return Array.from({ length: height * width }, (_, at) => (inside(Math.floor(at / width), height) && inside(at % width, width) ? 0 : 1));
}

/** Images in which the hidden pixels are grey. */
export function hide({ images, imageShape: [height, width, channels] }: Images, mask: ArrayLike<number>): Float32Array {
  return images.map((value, i) => (mask[Math.floor(i / channels) % (height * width)] === 1 ? value : 0));
}

/** Means of squares of factor × factor pixels. */
export function shrink({ images, imageShape: [height, width, channels] }: Images, factor: number): Float32Array {
  const [rows, columns] = [height / factor, width / factor];
  const small = new Float32Array(images.length / factor ** 2);
  images.forEach((value, i) => {
    const [c, x, y, image] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / (channels * width)) % height, Math.floor(i / (channels * width * height))];
    small[((image * rows + Math.floor(y / factor)) * columns + Math.floor(x / factor)) * channels + c]! += value / factor ** 2;
  });
  return small;
}

/** Images with white noise of this standard deviation. */
export function addWhiteNoise({ images, imageShape }: Images, deviation: number, seed: number): Float32Array {
  const size = imageShape[0] * imageShape[1] * imageShape[2];
  const noise = new Float32Array(images.length);
  for (let sample = 0; sample * size < images.length; sample++) {
    new PhiloxStream({ seed, purpose: 'heldOutNoise', step: 0, sample }).fillNormal(noise.subarray(sample * size, (sample + 1) * size));
  }
  return images.map((value, i) => value + deviation * noise[i]!);
}

/** Each pixel of images of this shape factor × factor times. */
export function enlarge(images: Float32Array, [height, width, channels]: readonly [number, number, number], factor: number): Float32Array {
  const large = new Float32Array(images.length * factor ** 2);
  for (let i = 0; i < large.length; i++) {
    const [c, x, y, image] = [i % channels, Math.floor(i / channels) % (width * factor), Math.floor(i / (channels * width * factor)) % (height * factor), Math.floor(i / (channels * width * height * factor ** 2))];
    large[i] = images[((image * height + Math.floor(y / factor)) * width + Math.floor(x / factor)) * channels + c]!;
  }
  return large;
}
