import { LangevinError } from '@langevin/contracts';
import type * as tf from '@tensorflow/tfjs-core';

/** The median of |z| of a standard normal z: Φ⁻¹(¾). */
const MEDIAN_OF_NORMAL = 0.6744897501960817;

/**
 * The standard deviation of white noise on each image, from the finest diagonal details, of which images have few: median |d| / Φ⁻¹(¾), where d = (a − b − c + d)/2 of each
 * 2 × 2 pixels that touch no others (Donoho & Johnstone 1994, §2.4, on Haar's wavelets).
 *
 * @param images [B, height, width, channels], two pixels wide and high or more; kept
 * @throws LangevinError `invalid_argument` for smaller ones
 */
export function estimateNoise(images: tf.Tensor): Float64Array {
  const [batch = 0, height = 0, width = 0, channels = 0] = images.shape;
  if (images.rank !== 4 || height < 2 || width < 2) throw new LangevinError('invalid_argument', `noise is estimated of images [B, height, width, channels] of 2 × 2 pixels or more, got [${images.shape.join(', ')}]`);
  const values = images.dataSync<'float32'>();
  return Float64Array.from({ length: batch }, (_, image) => {
    const details: number[] = [];
    for (let y = 0; y + 1 < height; y += 2) {
      for (let x = 0; x + 1 < width; x += 2) {
        for (let c = 0; c < channels; c++) {
          const at = (dy: number, dx: number): number => values[((image * height + y + dy) * width + x + dx) * channels + c]!;
          details.push(Math.abs(at(0, 0) - at(0, 1) - at(1, 0) + at(1, 1)) / 2);
        }
      }
    }
    return median(details) / MEDIAN_OF_NORMAL;
  });
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
