import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';

/**
 * How far neighbouring levels are apart when so many lie from −1 to 1: 2/255 for bytes.
 * @throws LangevinError `invalid_argument` for fewer than two levels
 */
export function distanceOfLevels(levels: number): number {
  if (!(Number.isInteger(levels) && levels >= 2)) throw new LangevinError('invalid_argument', `needs two or more levels, got ${levels}`);
  return 2 / (levels - 1);
}

/** The values of so many levels, from −1 to 1. */
export function levelValues(levels: number): number[] {
  const distance = distanceOfLevels(levels);
  return Array.from({ length: levels }, (_, level) => -1 + level * distance);
}

/** The level of a value from −1 to 1, as float32 has it. */
export function levelOf(value: number, levels: number): number {
  return Math.round((value + 1) / distanceOfLevels(levels));
}

/**
 * Uniform dequantisation (Uria et al. 2013; Theis et al. 2016, §3.1): x + Δ·(u − ½), which spreads each level over its share of the line. A new tensor.
 *
 * @param x data of levels from −1 to 1; kept
 * @param uniforms shaped like x, in [0, 1); kept
 */
export function dequantize<T extends tf.Tensor>(x: T, uniforms: T, levels = 256): T {
  return tf.tidy(() => tf.add(x, tf.mul(distanceOfLevels(levels), tf.sub(uniforms, 0.5))));
}

/**
 * −ln P of levels in nats, from ln of a density at dequantised data: at most, on average over dequantisations. The density times the share of the line that each of
 * so many elements has (Theis et al. 2016, eq. 10).
 */
export function natsOfLevels(logDensity: number, elements: number, levels = 256): number {
  return -logDensity - elements * Math.log(distanceOfLevels(levels));
}
