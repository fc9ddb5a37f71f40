import * as tf from '@tensorflow/tfjs-core';
import { addNoise } from '../parameterizations/conversions.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { VarianceDenoiser } from '../parameterizations/learned-variance.js';
import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { sameTime } from '../samplers/same-time.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { endsOf } from './chain-grid.js';
import { decoderNats } from './decoder.js';
import type { ElboOptions } from './elbo.js';
import { ask } from './look-at.js';
import { reverseLaw } from './reverse-law.js';
import { sumOfEach } from './sum-of-each.js';

/** Σ of ½(z² + ln(2πs²)): −ln of the density of a normal law where z deviations lie from its mean. */
const normalNats = (z: number, deviation: number): number => (z * z + Math.log(2 * Math.PI)) / 2 + Math.log(deviation);

/**
 * −ln w of each sample in nats, w = p(x_T)·Π p(x_s | x_t)·P(x₀ | x_t₀) / q(x_T … x_t₀ | x₀) along one way through noise, drawn from q given x₀ from the
 * last time on. The mean of w is the likelihood of the chain, that of −ln w is the bound of `elbo`; of several,
 * `importanceWeightedNats` makes a bound that is tighter.
 *
 * @param x0 [B, …] data; kept
 * @param options `noise` of the term 0 makes x_T, of the terms from 1 on the end of each step
 * @throws LangevinError `invalid_argument` as `endsOf`, `reverseLaw` and `decoderNats`
 */
export function chainWeightNats(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, x0: tf.Tensor, options: Omit<ElboOptions, 'draws'>): Float64Array {
  const { grid, noise } = options;
  const [first, last] = endsOf(grid);
  const natsOf = decoderNats(options.decoder, process, last);
  const samples = x0.shape[0] ?? 1;
  const [elements, clean] = [x0.size / samples, x0.dataSync<'float32'>()];
  const nats = new Float64Array(samples);
  const add = (value: (index: number) => number): void => sumOfEach(samples, elements, value).forEach((sum, sample) => (nats[sample]! += sum));
  tf.tidy(() => {
    const eps = noise(0);
    let x: tf.Tensor = addNoise(x0, eps, marginalCoefficients(process, sameTime(x0, first), x0.rank));
    const [values, z, prior] = [x.dataSync<'float32'>(), eps.dataSync<'float32'>(), process.prior.standardDeviation];
    add((i) => normalNats(values[i]! / prior, prior) - normalNats(z[i]!, process.sigma(first)));
    grid.forEach((step, k) => {
      const before = x;
      const walked = walk(denoiser, process, step, { x: before, x0, noise: noise(k + 1), varianceType: options.varianceType });
      x = walked.x;
      add(walked.natsOf);
      before.dispose();
    });
    const inputs = { x0: clean, x: x.dataSync<'float32'>(), estimate: options.decoder.kind === 'bayes' ? clean : ask(denoiser, x, new Array<number>(samples).fill(last)).estimate };
    add((i) => natsOf(inputs, i));
  });
  return nats;
}

interface WalkInputs {
  readonly x: tf.Tensor;
  readonly x0: tf.Tensor;
  readonly noise: tf.Tensor;
  readonly varianceType: VarianceType | undefined;
}

/** One step by q, and ln q − ln p of each element. */
function walk(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, step: GridStep, { x, x0, noise, varianceType }: WalkInputs) {
  const { gain, keep, small, logRatioAt } = reverseLaw(process, step, varianceType);
  const { estimate, fraction }: { estimate: Float32Array; fraction?: Float32Array } = ask(denoiser, x, new Array<number>(x.shape[0] ?? 1).fill(step.t));
  const [clean, z] = [x0.dataSync<'float32'>(), noise.dataSync<'float32'>()];
  const deviation = Math.sqrt(small);
  const natsOf = (i: number): number => {
    const scale = Math.exp(logRatioAt(fraction?.[i]) / 2);
    const distance = gain * (clean[i]! - estimate[i]!) + deviation * z[i]!;
    return normalNats(distance / (deviation * scale), deviation * scale) - normalNats(z[i]!, deviation);
  };
  return { x: tf.tidy(() => tf.add(tf.add(tf.mul(gain, x0), tf.mul(keep, x)), tf.mul(deviation, noise))), natsOf };
}
