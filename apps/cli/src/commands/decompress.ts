import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { decompressImages, writePng, type DecompressedImages } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { loadTensorFlow } from '@langevin/tf-runtime';
import type { CommonOptions } from '../common-options.js';
import { openModels, withModels, type ModelOptions } from '../open-models.js';
import { withStore } from '../open-store.js';
import { createOutput } from '../output.js';
import { ProgressBar } from '../progress-bar.js';
import { stopSignal } from '../stop-signal.js';

interface DecompressCommandOptions extends CommonOptions, ModelOptions {
  readonly anyNumerics?: boolean;
  readonly out: string;
}

/** `langevin decompress`: the images of an archive, to the byte. */
export function registerDecompress(program: Command): void {
  withModels(withStore(program.command('decompress')))
    .description('read the images of an archive, with the model that compressed them, as PNG files')
    .argument('<archive>', 'file that `langevin compress` wrote')
    .option('--any-numerics', 'try it where the numerics class is another one: a checksum says whether it came out right')
    .option('--out <folder>', 'folder for the images', 'images')
    .addHelpText('after', '\nExample:\n  $ langevin decompress digits.lgv --run digits-bits --out digits')
    .action((archive: string, options: DecompressCommandOptions) => decompress(archive, options));
}

async function decompress(archive: string, options: DecompressCommandOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const bytes = await readArchive(archive);
  await loadTensorFlow({ log: output.say });
  const opened = await openModels(options, false, output.say);
  const bar = new ProgressBar('decompressing');
  const began = Date.now();
  const images = await decompressImages(opened.model, bytes, {
    anyNumerics: options.anyNumerics ?? false,
    signal: stopSignal(),
    onProgress: ({ images: done, totalImages }) => {
      if (!output.json) bar.show(done, totalImages, '');
    },
  });
  bar.end();
  opened.dispose();
  const count = await writeImages(options.out, images);
  output.result({ out: options.out, images: count, seconds: (Date.now() - began) / 1000 }, `${options.out}: ${count} images, as they were compressed`);
}

async function readArchive(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LangevinError('object_missing', `${path} cannot be read: ${LangevinError.from(cause).message}`, { cause });
  }
}

async function writeImages(folder: string, { pixels, imageShape, names }: DecompressedImages): Promise<number> {
  const elements = imageShape.reduce((a, b) => a * b);
  const count = pixels.length / elements;
  for (let i = 0; i < count; i++) {
    const path = join(folder, fileName(names?.[i], i, count));
    await writePng(path, pixels.subarray(i * elements, (i + 1) * elements), imageShape);
  }
  return count;
}

/** An archive may come from anywhere: a name never leads out of the folder. */
function fileName(name: string | undefined, index: number, count: number): string {
  if (name === undefined) return `${String(index).padStart(String(count - 1).length, '0')}.png`;
  if (/[/\\\0]/.test(name) || name === '..' || name === '.') throw new LangevinError('invalid_argument', `the archive has an image of the name ${JSON.stringify(name)}, which is no file name`);
  return name;
}
