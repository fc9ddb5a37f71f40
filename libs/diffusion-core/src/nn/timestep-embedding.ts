import * as tf from '@tensorflow/tfjs-core';
import { stableExp } from '../rng/stable-power.js';

/** ln 10000. */
const LN_10000 = 9.210340371976184;

/** Which variant of the sinusoidal embedding; the names are those of diffusers. */
export interface TimestepEmbeddingOptions {
  /** Cosines before sines. */
  readonly flipSinToCos: boolean;
  /** Frequencies are 10000^(−i / (half − freqShift)): 1 is that of DDPM, 0 the default of diffusers. */
  readonly freqShift: number;
}

/**
 * Sinusoidal embedding of t [B] (Vaswani et al. 2017, §3.5), [B, channels]; channels is even.
 */
export function timestepEmbedding(t: tf.Tensor1D, channels: number, options: TimestepEmbeddingOptions): tf.Tensor2D {
  const half = channels / 2;
  const angles = tf.mul<tf.Tensor2D>(tf.reshape(tf.cast(t, 'float32'), [t.shape[0], 1]), tf.tensor2d(frequencies(half, options.freqShift), [1, half]));
  const sines = tf.sin<tf.Tensor2D>(angles);
  const cosines = tf.cos<tf.Tensor2D>(angles);
  return tf.concat2d(options.flipSinToCos ? [cosines, sines] : [sines, cosines], 1);
}

/** Every step is rounded to float32, as PyTorch does: at t = 1000 one unit in the last place moves an angle by 6e-5. */
function frequencies(half: number, freqShift: number): Float32Array {
  const slope = Math.fround(-LN_10000);
  return Float32Array.from({ length: half }, (_, i) => stableExp(Math.fround(Math.fround(slope * i) / (half - freqShift))));
}
