import type { Command } from 'commander';
import { denoiseImages, inpaintImages, superResolveImages, writePngGrid, type DiffusionModel } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { bicubic, judgeRestoration, medianFill, medianFilter, smoothFill, trainDigitClassifier, type ImageSet, type RestorationJudgement } from '@langevin/evaluation';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { type CommonOptions, decimal, wholeNumber } from '../../common-options.js';
import { addWhiteNoise, enlarge, hiddenSquare, hide, shrink } from '../../degrade.js';
import { firstImages } from '../../first-images.js';
import { openModels, withModels, type ModelOptions } from '../../open-models.js';
import { withStore } from '../../open-store.js';
import { createOutput, table, type Output } from '../../output.js';
import { ProgressBar } from '../../progress-bar.js';
import { realImages } from '../../real-images.js';
import { stopSignal } from '../../stop-signal.js';

interface EvalRestorationOptions extends CommonOptions, ModelOptions {
  readonly count: number;
  readonly hole: number;
  readonly factor: number;
  readonly noise: number;
  readonly steps: number;
  readonly draws: number;
  readonly seed: number;
  readonly judgeEpochs: number;
  readonly out: string;
}

/** One way to restore images. */
interface Restored {
  readonly task: string;
  readonly method: string;
  readonly images: Float32Array;
}

/** First weights and order of images of the judge: it is always the same one. */
const judgeSeed = 1;
/** Images a row of the figure. */
const columns = 12;

/** `langevin eval restoration`: how near a model brings images back, beside methods that have learned nothing. */
export function registerEvalRestoration(evaluate: Command): void {
  withModels(withStore(evaluate.command('restoration')))
    .description('inpaint, enlarge and denoise held-out images, beside medians and bicubic interpolation; a classifier that sees nothing else judges them')
    .option('--count <n>', 'held-out images, from the first on', wholeNumber(columns, 100_000), 500)
    .option('--hole <n>', 'side of the hidden square in the middle, in pixels', wholeNumber(1), 14)
    .option('--factor <n>', 'how much smaller images are made along each side', wholeNumber(2), 4)
    .option('--noise <σ>', 'standard deviation of white noise; images go from −1 to 1', decimal(0), 1)
    .option('--steps <n>', 'denoising steps', wholeNumber(1), 25)
    .option('--draws <n>', 'images that are drawn for each and averaged', wholeNumber(1), 8)
    .option('--seed <n>', 'seed of all noise', wholeNumber(0), 1)
    .option('--judge-epochs <n>', 'times that the judge sees each real digit', wholeNumber(1, 100), 5)
    .option('--out <file>', 'PNG figure to write', 'restoration.png')
    .addHelpText('after', '\nExample:\n  $ langevin eval restoration --run digits-ddpm')
    .action((options: EvalRestorationOptions) => evaluateRestoration(options));
}

async function evaluateRestoration(options: EvalRestorationOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const { model, dispose } = await openModels(options, false, output.say);
  const { run, step, spec } = model.checkpoint;
  const clean = firstImages(await realImages(options, spec.dataset.name, 'test'), options.count);
  const [height, width] = clean.imageShape;
  if (options.hole > Math.min(height, width)) throw new LangevinError('invalid_argument', `--hole ${options.hole}: the images are ${height} × ${width}`);
  const ways = await restoreAll(model, clean, options, output);
  dispose();
  output.say('a classifier learns from real digits, to judge …');
  const judge = await trainDigitClassifier(await realImages(options, spec.dataset.name, 'train'), { seed: judgeSeed, epochs: options.judgeEpochs });
  const judged: (Omit<Restored, 'images'> & RestorationJudgement)[] = [];
  for (const { task, method, images } of ways) judged.push({ task, method, ...(await judgeRestoration(images, clean, judge)) });
  const ideal = await judgeRestoration(clean.images, clean, judge);
  judge.dispose();
  await writePngGrid(options.out, { imageShape: clean.imageShape, images: figure(clean, ways) }, { columns });
  const { hole, factor, noise, steps, draws, seed } = options;
  output.result(
    { out: options.out, run, step, count: clean.labels.length, hole, factor, noise, steps, draws, seed, backend, judgeAccuracy: ideal.agreement.mean, results: judged },
    `${table(['TASK', 'METHOD', 'PSNR dB', '±', 'AGREEMENT', '±'], judged.map(row))}\n${options.out}: ${clean.labels.length} images of ${run}, step ${step}; the judge reads ${percent(ideal.agreement.mean)} of the true ones rightly; ± is a standard error`,
  );
}

function row({ task, method, psnr, agreement }: Omit<Restored, 'images'> & RestorationJudgement): string[] {
  return [task, method, psnr.mean.toFixed(2), psnr.standardError.toFixed(2), percent(agreement.mean), percent(agreement.standardError)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** All ways, task by task; the first of a task is what there is to work with. */
async function restoreAll(model: DiffusionModel, clean: ImageSet, options: EvalRestorationOptions, output: Output): Promise<Restored[]> {
  const { imageShape } = clean;
  const [height, width, channels] = imageShape;
  const mask = hiddenSquare(imageShape, options.hole);
  const small = shrink(clean, options.factor);
  const smallShape = [height / options.factor, width / options.factor, channels] as const;
  const noisy = addWhiteNoise(clean, options.noise, options.seed);
  const hidden = hide(clean, mask);
  const signal = stopSignal();
  const drawing = (name: string) => ({ steps: options.steps, draws: options.draws, seed: options.seed, signal, onProgress: progress(name, output) });
  return [
    { task: 'inpaint', method: 'as given', images: hidden },
    { task: 'inpaint', method: 'median fill', images: medianFill(hidden, imageShape, mask) },
    { task: 'inpaint', method: 'smooth fill', images: smoothFill(hidden, imageShape, mask) },
    { task: 'inpaint', method: 'langevin', images: (await inpaintImages(model, hidden, { mask, ...drawing('inpaint') })).images },
    { task: 'superres', method: 'as given', images: enlarge(small, smallShape, options.factor) },
    { task: 'superres', method: 'bicubic', images: bicubic(small, smallShape, options.factor) },
    { task: 'superres', method: 'langevin', images: (await superResolveImages(model, small, { factor: options.factor, ...drawing('superres') })).images },
    { task: 'denoise', method: 'as given', images: noisy },
    { task: 'denoise', method: 'median 3 × 3', images: medianFilter(noisy, imageShape) },
    { task: 'denoise', method: 'langevin, noise known', images: (await denoiseImages(model, noisy, { noise: options.noise, signal })).images },
    { task: 'denoise', method: 'langevin, noise estimated', images: (await denoiseImages(model, noisy, { signal })).images },
  ];
}

function progress(name: string, output: Output): (at: { steps: number; totalSteps: number }) => void {
  const bar = new ProgressBar(name.padEnd(9));
  return ({ steps, totalSteps }) => {
    if (output.json) return;
    bar.show(steps, totalSteps, '');
    if (steps === totalSteps) bar.end();
  };
}

/** The first images, row by row: the true ones, and every way. */
function figure(clean: ImageSet, ways: readonly Restored[]): Float32Array {
  const [height, width, channels] = clean.imageShape;
  const length = columns * height * width * channels;
  const rows = [clean.images, ...ways.map(({ images }) => images)];
  const all = new Float32Array(rows.length * length);
  rows.forEach((images, i) => all.set(images.subarray(0, length), i * length));
  return all;
}
