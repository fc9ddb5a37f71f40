/**
 * Peak signal-to-noise ratio of each image in dB: 10·log₁₀(peak²/mean square error), values clamped to [−1, 1], so that the peak is 2. Infinite for equal images.
 * @param size values of an image
 */
export function psnr(images: Float32Array, clean: Float32Array, size: number): Float64Array {
  return Float64Array.from({ length: clean.length / size }, (_, image) => {
    let squares = 0;
    for (let i = image * size; i < (image + 1) * size; i++) {
      const error = Math.min(Math.max(images[i]!, -1), 1) - clean[i]!;
      squares += error * error;
    }
    return 10 * Math.log10((4 * size) / squares);
  });
}
