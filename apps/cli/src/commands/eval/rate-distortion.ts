import type { Command } from 'commander';
import { writePngGrid, type DiffusionModel } from '@langevin/client';
import { evenLogSnrGrid, meanWithError, type RateDistortionPoint } from '@langevin/diffusion-core';
import { measureRateDistortion, type ImageSet } from '@langevin/evaluation';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { type CommonOptions, wholeNumber } from '../../common-options.js';
import { firstImages } from '../../first-images.js';
import { openModels, withModels, type ModelOptions } from '../../open-models.js';
import { withStore } from '../../open-store.js';
import { createOutput, table } from '../../output.js';
import { realImages } from '../../real-images.js';

interface EvalRateDistortionOptions extends CommonOptions, ModelOptions {
  readonly count: number;
  readonly steps: number;
  readonly points: number;
  readonly seed: number;
  readonly out: string;
}

/** Images a row of the figure. */
const columns = 12;

/** `langevin eval rate-distortion`: what a receiver can show after so many bits. */
export function registerEvalRateDistortion(evaluate: Command): void {
  withModels(withStore(evaluate.command('rate-distortion')))
    .description('progressive lossy coding of held-out images: bits sent, and how near they bring what can be shown')
    .option('--count <n>', 'held-out images, from the first on', wholeNumber(columns, 100_000), 100)
    .option('--steps <n>', 'steps of the chain that is sent', wholeNumber(2), 100)
    .option('--points <n>', 'rows of the table and of the figure', wholeNumber(2, 100), 10)
    .option('--seed <n>', 'seed of all noise', wholeNumber(0), 1)
    .option('--out <file>', 'PNG figure to write: what can be shown, from few bits to many, and the images', 'rate-distortion.png')
    .addHelpText('after', '\nExample:\n  $ langevin eval rate-distortion --run digits-bits')
    .action((options: EvalRateDistortionOptions) => evaluateRateDistortion(options));
}

async function evaluateRateDistortion(options: EvalRateDistortionOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const { model, dispose } = await openModels(options, false, output.say);
  const { run, step, spec } = model.checkpoint;
  const images = firstImages(await realImages(options, spec.dataset.name, 'test'), options.count);
  const curve = curveOf(model, images, options);
  dispose();
  const every = Math.max(1, Math.floor((curve.length - 1) / (options.points - 1)));
  const chosen = curve.filter((_, i) => (curve.length - 1 - i) % every === 0).slice(-options.points);
  await writePngGrid(options.out, { imageShape: images.imageShape, images: figure(images, chosen) }, { columns });
  const points = chosen.map(({ t, rate, distortion }) => ({ t, bitsPerDim: meanWithError(rate), rmse: Math.sqrt(meanWithError(distortion).mean) * 127.5 }));
  output.result(
    { out: options.out, run, step, count: images.labels.length, steps: options.steps, seed: options.seed, backend, points },
    `${table(['TIME', 'BITS/DIM', '±', 'RMSE OF 255'], points.map(({ t, bitsPerDim, rmse }) => [String(t), bitsPerDim.mean.toFixed(4), bitsPerDim.standardError.toFixed(4), rmse.toFixed(2)]))}\n${options.out}: ${columns} of ${images.labels.length} images of ${run}, step ${step}, as each row of the table shows them; ± is a standard error`,
  );
}

function curveOf({ process, denoiser }: DiffusionModel, heldOut: ImageSet, { steps, seed }: EvalRateDistortionOptions): RateDistortionPoint[] {
  using compiled = denoiser({ clipSample: true });
  const grid = evenLogSnrGrid(process, { first: process.tMax, last: 0, steps });
  return measureRateDistortion({ denoiser: compiled.denoise, process, grid, heldOut, seed });
}

/** What can be shown, row by row, and below it the images. */
function figure({ images, imageShape }: ImageSet, points: readonly RateDistortionPoint[]): Float32Array {
  const length = columns * imageShape[0] * imageShape[1] * imageShape[2];
  const rows = [...points.map(({ estimate }) => estimate), images];
  const all = new Float32Array(rows.length * length);
  rows.forEach((row, i) => all.set(row.subarray(0, length), i * length));
  return all;
}
