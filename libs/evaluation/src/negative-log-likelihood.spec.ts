import { loadTensorFlow } from '@langevin/tf-runtime';
import { ddpmProcess, evenGrid, gaussianDenoiser, mixtureDenoiser, tracedDenoiser } from '@langevin/diffusion-core';
import * as tf from '@tensorflow/tfjs-core';
import { meanOfImages, measureBound, measureFlow, signProbe, type LikelihoodInput } from './negative-log-likelihood.js';

const process = ddpmProcess({ num_train_timesteps: 401, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 7, log_snr_min: -10 });
const levels = 4;
/** Images of two pixels, each one of four levels with these frequencies, whatever the other is. */
const prior = [0.5, 0.25, 0.125, 0.125];
const values = [-1, -1 / 3, 1 / 3, 1];
const pixels = prior.flatMap((p, level) => new Array<number>(400 * p).fill(values[level]!));
const heldOut = { images: Float32Array.from([...pixels, ...pixels], (_, i) => (i % 2 === 0 ? pixels[i / 2]! : pixels[(7 * (i - 1)) / 2 % 400]!)), imageShape: [2, 1, 1] } as const;
const input: LikelihoodInput = { process, heldOut, seed: 3, decoder: { kind: 'bayes', levels, prior }, grid: evenGrid(400, 20, 190) };
const denoiser = mixtureDenoiser(process, prior.flatMap((p, i) => prior.map((q, j) => ({ weight: p * q, mean: [values[i]!, values[j]!], variance: 0 }))));
/** −Σ p log₂ p. */
const entropy = 1.75;

beforeAll(() => loadTensorFlow({ backend: 'cpu' }));

describe('measureBound', () => {
  it('comes near to the entropy for an exact denoiser, by its terms, and keeps nothing', () => {
    const before = tf.memory().numTensors;
    const bound = measureBound({ ...input, denoiser, draws: 40, bands: 4 });
    expect(tf.memory().numTensors).toBe(before);
    const { total } = meanOfImages({ total: bound.total });
    expect(total.count).toBe(400);
    expect(total.standardError).toBeLessThan(0.06);
    expect(total.mean).toBeGreaterThan(entropy - 3 * total.standardError);
    // 190 steps of Δλ = 0.085: a few hundredths more than the entropy.
    expect(total.mean).toBeLessThan(entropy + 0.1 + 3 * total.standardError);
    bound.total.forEach((bits, i) => expect(bits).toBeCloseTo(bound.prior[i]! + bound.decoder[i]! + bound.bands.reduce((sum, band) => sum + band.bits[i]!, 0), 9));
    const edges = [-10, -5.9625, -1.925, 2.1125, 6.15];
    expect(bound.bands.map(({ logSnrFrom, logSnrTo }) => [logSnrFrom, logSnrTo])).toEqual([0, 1, 2, 3].map((i) => [expect.closeTo(edges[i]!, 9), expect.closeTo(edges[i + 1]!, 9)]));
    // What tells levels apart lies in the middle.
    const [first, , third, last] = bound.bands.map(({ bits }) => meanOfImages({ bits }).bits.mean);
    expect([first! < 0.1, third! > 0.5, last! < third!]).toEqual([true, true, true]);
  });

  it('draws steps without bias: few draws and many agree, equal seeds are equal', () => {
    const of = (draws: number, seed = 3) => meanOfImages({ total: measureBound({ ...input, seed, denoiser, draws, bands: 2 }).total }).total;
    const [few, many] = [of(3), of(30)];
    expect(Math.abs(few.mean - many.mean)).toBeLessThan(4 * Math.hypot(few.standardError, many.standardError));
    expect(few.standardError).toBeGreaterThan(many.standardError);
    expect(of(3)).toEqual(few);
    expect(of(3, 4).mean).not.toBe(few.mean);
  });
});

describe('measureFlow', () => {
  /** Every seventh image: their levels are as frequent as those of all. */
  const some = { ...input, heldOut: { imageShape: heldOut.imageShape, images: heldOut.images.filter((_, i) => Math.floor(i / 2) % 7 === 0) }, grid: evenGrid(400, 60, 34) };
  it('is near to the entropy for an exact denoiser, with its parts, and keeps nothing', () => {
    const probe = signProbe(some);
    expect(new Set(probe.dataSync())).toEqual(new Set([-1, 1]));
    const before = tf.memory().numTensors;
    const measured = measureFlow({ ...some, denoiser: tracedDenoiser(denoiser, probe) });
    expect(tf.memory().numTensors).toBe(before);
    const { total } = meanOfImages({ total: measured.total });
    expect(Math.abs(total.mean - entropy)).toBeLessThan(0.03 + 3 * total.standardError);
    measured.total.forEach((bits, i) => expect(bits).toBeCloseTo(measured.flow[i]! + measured.noise[i]! + measured.decoder[i]!, 9));
    probe.dispose();
  });

  it('punishes a denoiser of other data', () => {
    const wrong = measureFlow({ ...some, denoiser: tracedDenoiser(gaussianDenoiser(process, { mean: 1, variance: 0.1 }), 'exact') });
    expect(meanOfImages({ total: wrong.total }).total.mean).toBeGreaterThan(entropy + 1);
  });
});
