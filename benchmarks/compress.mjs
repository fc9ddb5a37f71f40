// The lossless coder against lossless codecs of pictures, on the held-out images of a dataset: `npm run bench -- compress --data-dir DIR --run NAME [--count N] [--steps N] [--json]`.
// The archive is written and read by `langevin compress` and `decompress`; the codecs get all images as one picture.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openCheckpoint, readPng, toPixels } from '@langevin/client';
import { evenGrid, levelPrior, meanWithError } from '@langevin/diffusion-core';
import { measureBound } from '@langevin/evaluation';
import { realImages } from '../apps/cli/dist/real-images.js';
import { interopPython } from '../tools/interop/environment.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    'data-dir': { type: 'string', default: '.langevin' },
    run: { type: 'string', default: 'digits-bits' },
    dataset: { type: 'string', default: 'mnist-digits' },
    count: { type: 'string', default: '1000' },
    steps: { type: 'string', default: '200' },
  },
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const columns = 40;

function langevin(...args) {
  const text = execFileSync(process.execPath, [here('../apps/cli/bin/langevin.js'), ...args, '--data-dir', values['data-dir'], '--run', values.run, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(text.trim().split('\n').at(-1));
}

/** All images side by side, as one picture of one byte a pixel. */
function spriteSheet(pixels, count, [height, width, channels]) {
  if (channels !== 1) throw new Error('the sheet of this benchmark is grey');
  const rows = Math.ceil(count / columns);
  const sheet = Buffer.alloc(rows * height * columns * width);
  for (let image = 0; image < count; image++) {
    for (let y = 0; y < height; y++) {
      const at = ((Math.floor(image / columns) * height + y) * columns + (image % columns)) * width;
      sheet.set(pixels.subarray((image * height + y) * width, (image * height + y + 1) * width), at);
    }
  }
  return { sheet, width: columns * width, height: rows * height };
}

function peerSizes(folder, { sheet, width, height }) {
  writeFileSync(join(folder, 'sheet'), sheet);
  const python = interopPython('requirements-images.txt', ['PIL', 'oxipng', 'pillow_jxl'], '20 MB to download, 60 MB on disk');
  return JSON.parse(execFileSync(python, [here('./compress/peers.py'), join(folder, 'sheet'), String(width), String(height)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}

/** The bound of the same images on the same chain, ten of its steps looked at for each image. */
async function bound(images, imageShape) {
  const model = await openCheckpoint({ dataDir: values['data-dir'], run: values.run });
  const denoiser = model.denoiser({ clipSample: true });
  const size = imageShape.reduce((a, b) => a * b);
  const bits = [];
  for (let from = 0; from < images.length; from += 50 * size) {
    const heldOut = { images: images.subarray(from, from + 50 * size), imageShape };
    const decoder = { kind: 'bayes', levels: 256, prior: levelPrior(images) };
    const grid = evenGrid(model.process.numTrainTimesteps - 1, 0, Number(values.steps));
    bits.push(...measureBound({ denoiser: denoiser.denoise, process: model.process, heldOut, decoder, grid, draws: 10, bands: 1, seed: 1 + from }).total);
  }
  denoiser[Symbol.dispose]();
  model.dispose();
  return meanWithError(bits);
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-compress-'));
  try {
    const { images, imageShape } = await realImages({ dataDir: values['data-dir'] }, values.dataset, 'test');
    const size = imageShape.reduce((a, b) => a * b);
    const count = Math.min(Number(values.count), images.length / size);
    const chosen = images.subarray(0, count * size);
    const pixels = toPixels(chosen);
    const archive = join(folder, 'archive');
    const written = langevin('compress', '--dataset', values.dataset, '--count', String(count), '--steps', values.steps, '--out', archive);
    const read = langevin('decompress', archive, '--out', join(folder, 'images'));
    for (let i = 0; i < count; i++) {
      const image = await readPng(join(folder, 'images', `${String(i).padStart(String(count - 1).length, '0')}.png`), imageShape);
      if (!Buffer.from(image).equals(Buffer.from(pixels.subarray(i * size, (i + 1) * size)))) throw new Error(`image ${i} came back as another`);
    }
    const { mean, standardError } = await bound(chosen, imageShape);
    report({ written, read, mean, standardError, peers: peerSizes(folder, spriteSheet(pixels, count, imageShape)), count });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report({ written, read, mean, standardError, peers, count }) {
  const { bytes, seedBits, rawBytes, netBitsPerDim, bitsPerDim } = written;
  const result = {
    images: count,
    steps: Number(values.steps),
    ours: { bytes, seedBits, bitsPerDim, netBitsPerDim, secondsToCompress: written.seconds, secondsToDecompress: read.seconds },
    bound: { bitsPerDim: mean, standardError },
    overBound: netBitsPerDim / mean - 1,
    peers: Object.entries(peers).map(([codec, size]) => ({ codec, bytes: size, bitsPerDim: (8 * size) / rawBytes })),
  };
  if (values.json) return console.log(JSON.stringify(result));
  const line = (name, size, bits) => console.log(`${name.padEnd(24)} ${String(size).padStart(9)} bytes  ${bits.toFixed(3)} bits a value`);
  console.log(`${count} held-out images, every codec's output decoded to the same bytes:`);
  line('langevin', bytes, bitsPerDim);
  line('langevin without seed', Math.round(bytes - seedBits / 8), netBitsPerDim);
  for (const { codec, bytes: size, bitsPerDim: bits } of result.peers) line(codec, size, bits);
  console.log(`the bound on the same chain: ${mean.toFixed(4)} ± ${standardError.toFixed(4)} bits a value; the archive takes ${(100 * result.overBound).toFixed(2)} % more`);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
