import {
  bitsPerDimension,
  elbo,
  flowBound,
  meanWithError,
  PhiloxStream,
  systematicDraws,
  type Decoder,
  type Denoiser,
  type GaussianProcess,
  type GridStep,
  type MeanWithError,
  type TracedDenoiser,
} from '@langevin/diffusion-core';
import * as tf from '@tensorflow/tfjs-core';
import { imageSize, type ImageSet } from './image-set.js';

/** Held-out images, and how their likelihood is measured. */
export interface LikelihoodInput {
  readonly process: GaussianProcess;
  readonly heldOut: Pick<ImageSet, 'images' | 'imageShape'>;
  /** Of all noise: equal seeds give equal noise to equal places. */
  readonly seed: number;
  readonly decoder: Decoder;
  /** From the last time down to the first noise level, which the decoder reads. */
  readonly grid: readonly GridStep[];
}

/** The same, for the bound. */
export interface BoundInput extends LikelihoodInput {
  readonly denoiser: Denoiser;
  /** How many steps of the grid are looked at for each image, evenly in λ: without bias, whatever the number. */
  readonly draws: number;
  /** Into how many parts, equally wide in λ, Σ L_t is divided. */
  readonly bands: number;
}

/** Bits per dimension of one image after the other. */
export type BitsPerImage = Float64Array;

/** A part of Σ L_t: steps of these λ = ln(α²/σ²). */
export interface BoundBand {
  readonly logSnrFrom: number;
  readonly logSnrTo: number;
  readonly bits: BitsPerImage;
}

/** The bound of each image by its terms. */
export interface MeasuredBound {
  readonly prior: BitsPerImage;
  readonly bands: readonly BoundBand[];
  readonly decoder: BitsPerImage;
  readonly total: BitsPerImage;
}

/** Likelihood by the probability flow of each image by its terms. */
export interface MeasuredFlow {
  /** −log₂ p of the noisy image. */
  readonly flow: BitsPerImage;
  /** What the choice of the noise gives back. */
  readonly noise: BitsPerImage;
  readonly decoder: BitsPerImage;
  readonly total: BitsPerImage;
}

/** The bound on −log₂ P of each image (Ho et al. 2020, eq. 5), in bits per dimension, with fresh noise for each draw of a step. */
export function measureBound(input: BoundInput): MeasuredBound {
  const { process, heldOut, grid, draws: count, bands: bandCount } = input;
  const size = imageSize(heldOut.imageShape);
  const samples = heldOut.images.length / size;
  const widths = grid.map(({ t, tPrev }) => process.logSnr(tPrev) - process.logSnr(t));
  const draws = Array.from({ length: samples }, (_, sample) => systematicDraws(widths, count, new PhiloxStream({ seed: input.seed, purpose: 'timestep', step: 0, sample }).uniform()));
  const [low, high] = [process.logSnr(grid[0]!.t), process.logSnr(grid.at(-1)!.tPrev)]; // A grid without steps is refused by `elbo`.
  const bandOf = ({ t, tPrev }: GridStep): number => Math.floor(((process.logSnr(t) + process.logSnr(tPrev)) / 2 - low) / ((high - low) / bandCount));
  const parts = Array.from({ length: bandCount }, () => new Float64Array(samples));
  const x0 = tf.tensor(heldOut.images, [samples, ...heldOut.imageShape]);
  const { prior, steps, decoder, total } = elbo(input.denoiser, process, x0, { grid, decoder: input.decoder, draws, noise: (term) => heldOutNoise(input, term) });
  x0.dispose();
  steps.forEach((nats, draw) => nats.forEach((value, sample) => (parts[bandOf(grid[draws[sample]![draw]!.index]!)]![sample]! += value))); // As many draws as terms.
  const width = (high - low) / bandCount;
  const bits = (nats: Float64Array): BitsPerImage => nats.map((value) => bitsPerDimension(value, size));
  const bands = parts.map((nats, i) => ({ logSnrFrom: low + i * width, logSnrTo: low + (i + 1) * width, bits: bits(nats) }));
  return { prior: bits(prior), bands, decoder: bits(decoder), total: bits(total) };
}

/**
 * −log₂ P of each image by the probability flow, in bits per dimension: a bound too, by the noise of the first level (`flowBound`), which is one noise an
 * image.
 */
export function measureFlow(input: LikelihoodInput & { readonly denoiser: TracedDenoiser }): MeasuredFlow {
  const { process, heldOut, grid, decoder } = input;
  const size = imageSize(heldOut.imageShape);
  const [x0, eps] = [tf.tensor(heldOut.images, [heldOut.images.length / size, ...heldOut.imageShape]), heldOutNoise(input, 0)];
  const bound = flowBound(input.denoiser, process, x0, { grid, decoder, eps });
  tf.dispose([x0, eps]);
  const bits = (nats: Float64Array): BitsPerImage => nats.map((value) => bitsPerDimension(value, size));
  return { flow: bits(bound.flow), noise: bits(bound.noise), decoder: bits(bound.decoder), total: bits(bound.total) };
}

/** The probe of Hutchinson's trace: a sign, evenly drawn, for each element. A new tensor shaped like the images. */
export function signProbe({ seed, heldOut }: Pick<LikelihoodInput, 'seed' | 'heldOut'>): tf.Tensor {
  return tf.tidy(() => tf.sub(tf.mul(2, tf.cast(tf.greaterEqual(normals(seed, 'samplerNoise', 0, heldOut), 0), 'float32')), 1));
}

/** Mean of images, by name. */
export function meanOfImages<K extends string>(parts: Readonly<Record<K, BitsPerImage>>): Record<K, MeanWithError> {
  return Object.fromEntries(Object.entries<BitsPerImage>(parts).map(([name, bits]) => [name, meanWithError(bits)])) as Record<K, MeanWithError>; // The same names.
}

/** The noise of a term: a new tensor shaped like the images. */
export function heldOutNoise({ seed, heldOut }: Pick<LikelihoodInput, 'seed' | 'heldOut'>, term: number): tf.Tensor {
  return normals(seed, 'heldOutNoise', term, heldOut);
}

/** The noise of an image is a pure function of (seed, term, image). */
function normals(seed: number, purpose: 'heldOutNoise' | 'samplerNoise', step: number, { images, imageShape }: LikelihoodInput['heldOut']): tf.Tensor {
  const size = imageSize(imageShape);
  const values = new Float32Array(images.length);
  for (let sample = 0; sample * size < images.length; sample++) {
    new PhiloxStream({ seed, purpose, step, sample }).fillNormal(values.subarray(sample * size, (sample + 1) * size));
  }
  return tf.tensor(values, [images.length / size, ...imageShape]);
}
