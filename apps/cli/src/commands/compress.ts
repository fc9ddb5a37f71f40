import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { compressImages, readPng, replaceFile, toPixels, type DiffusionModel } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { formatBytes } from '../byte-text.js';
import { type CommonOptions, wholeNumber } from '../common-options.js';
import { openModels, withModels, type ModelOptions } from '../open-models.js';
import { withStore } from '../open-store.js';
import { createOutput } from '../output.js';
import { ProgressBar } from '../progress-bar.js';
import { realImages } from '../real-images.js';
import { stopSignal } from '../stop-signal.js';

interface CompressCommandOptions extends CommonOptions, ModelOptions {
  readonly dataset?: string;
  readonly split: 'train' | 'test';
  readonly count?: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly out: string;
}

const examples = `
Examples:
  $ langevin compress --run digits-bits --dataset mnist-digits --out digits.lgv
  $ langevin compress --run digits-bits one.png two.png --out two.lgv
  $ langevin decompress digits.lgv --run digits-bits --out digits`;

/** `langevin compress`: images into an archive, without loss, in the bits that a model's bound says. */
export function registerCompress(program: Command): void {
  withModels(withStore(program.command('compress')))
    .description('compress images without loss with a trained model; `langevin decompress` reads the archive on a machine of the same numerics class')
    .argument('[images...]', 'PNG files of the size of the model\'s images')
    .option('--dataset <name>', 'compress the images of a dataset instead')
    .addOption(new Option('--split <split>', 'with --dataset: which of its images').choices(['train', 'test']).default('test'))
    .option('--count <n>', 'with --dataset: the first n images only', wholeNumber(1))
    .option('--steps <n>', 'steps of the chain: more take longer and make smaller archives', wholeNumber(1), 100)
    .option('--batch-size <n>', 'images that are coded at once, at most', wholeNumber(1, 1024), 16)
    .option('--seed <n>', 'seed of the bits that the first image draws its noise from', wholeNumber(0), 1)
    .option('--out <file>', 'archive to write', 'images.lgv')
    .addHelpText('after', examples)
    .action((images: string[], options: CompressCommandOptions) => compress(images, options));
}

async function compress(files: readonly string[], options: CompressCommandOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  await loadTensorFlow({ log: output.say });
  const opened = await openModels(options, false, output.say);
  const { pixels, names } = await chosenImages(files, options, opened.model);
  const bar = new ProgressBar('compressing');
  const began = Date.now();
  const archive = await compressImages(opened.model, pixels, {
    ...(names && { names }),
    ...{ steps: options.steps, batchSize: options.batchSize, seed: options.seed, signal: stopSignal() },
    onProgress: ({ images, totalImages }) => {
      if (!output.json) bar.show(images, totalImages, '');
    },
  });
  bar.end();
  await replaceFile(options.out, archive.bytes);
  const { bytes, images, seedBits, bitsPerDim, netBitsPerDim } = archive;
  const seconds = (Date.now() - began) / 1000;
  output.result(
    { out: options.out, images, rawBytes: pixels.length, bytes: bytes.length, seedBits, bitsPerDim, netBitsPerDim, seconds },
    `${options.out}: ${images} images in ${formatBytes(bytes.length)}, ${bitsPerDim.toFixed(3)} bits a value; ${netBitsPerDim.toFixed(3)} without the ${formatBytes(Math.ceil(seedBits / 8))} of its seed`,
  );
  opened.dispose();
}

async function chosenImages(files: readonly string[], options: CompressCommandOptions, { imageShape }: DiffusionModel): Promise<{ pixels: Uint8Array; names?: string[] }> {
  if ((files.length > 0) === (options.dataset !== undefined)) throw new LangevinError('invalid_argument', 'name PNG files, or a dataset with --dataset');
  const elements = imageShape.reduce((a, b) => a * b);
  if (options.dataset === undefined) {
    const pixels = new Uint8Array(files.length * elements);
    for (const [i, file] of files.entries()) pixels.set(await readPng(file, imageShape), i * elements);
    return { pixels, names: files.map((file) => basename(file)) };
  }
  const dataset = await realImages(options, options.dataset, options.split);
  if (dataset.imageShape.join() !== imageShape.join()) {
    throw new LangevinError('invalid_argument', `the images of ${options.dataset} are ${dataset.imageShape.join(' × ')}, those of the model ${imageShape.join(' × ')}`);
  }
  return { pixels: toPixels(dataset.images.subarray(0, (options.count ?? Infinity) * elements)) };
}
