/** Images that a model drew. */
export interface Samples {
  /** [n, height, width, channels], flattened. Around [−1, 1], as the sampler left them: not clamped. */
  readonly images: Float32Array;
  /** Height, width, channels of one image. */
  readonly imageShape: readonly [number, number, number];
  /** The class that was asked of each image; absent when none was. */
  readonly labels?: Int32Array;
}

/**
 * Grey or colour values from 0 to 255 in the order of `images`: −1 and all below it is 0, 1 and all above it is 255,
 * in between to the nearest.
 */
export function toPixels(images: Float32Array): Uint8Array {
  // A Uint8ClampedArray rounds to the nearest and clamps; NaN becomes 0.
  return new Uint8Array(Uint8ClampedArray.from(images, (value) => (value + 1) * 127.5).buffer);
}
