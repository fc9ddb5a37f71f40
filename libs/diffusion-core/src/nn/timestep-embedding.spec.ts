import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { timestepEmbedding } from './timestep-embedding.js';

const times = [0, 1, 37, 999];

function expected(t: number, channels: number, flipSinToCos: boolean, freqShift: number): number[] {
  const half = channels / 2;
  const angles = Array.from({ length: half }, (_, i) => t * 10_000 ** (-i / (half - freqShift)));
  const sines = angles.map(Math.sin);
  const cosines = angles.map(Math.cos);
  return flipSinToCos ? [...cosines, ...sines] : [...sines, ...cosines];
}

describe('timestepEmbedding', () => {
  it.each([
    [true, 0],
    [false, 1],
  ])('is sines and cosines of t · 10000^(−i/(half − shift)) (flip %s, shift %i)', (flipSinToCos, freqShift) => {
    const rows = timestepEmbedding(tf.tensor1d(times, 'int32'), 8, { flipSinToCos, freqShift }).arraySync();
    // Angles up to 999 in float32: errors up to 999 · 2⁻²³.
    rows.forEach((row, i) => expected(times[i]!, 8, flipSinToCos, freqShift).forEach((value, j) => expect(Math.abs(row[j]! - value)).toBeLessThan(3e-4)));
  });

  it('takes times between the integers', () => {
    const [row] = timestepEmbedding(tf.tensor1d([0.5]), 4, { flipSinToCos: false, freqShift: 0 }).arraySync();
    expected(0.5, 4, false, 0).forEach((value, j) => expect(row![j]).toBeCloseTo(value, 6));
  });
});
