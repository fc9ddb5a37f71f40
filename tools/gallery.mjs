// npm run gallery [-- --data-dir DIR] [--only NAME]: makes every picture of docs/gallery.md with the command that is printed under it. DIR is the
// data folder with the runs that the page trains first; NAME is the file of one picture.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { galleryPictures } from './gallery/gallery-pictures.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A folder for a PATH, in which `npx langevin` is this checkout's command. */
function programs(folder) {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(root, 'apps/cli/bin/langevin.js')}" "$@"\n`);
  chmodSync(join(bin, 'npx'), 0o755);
  return bin;
}

function draw({ name, command }, folder, bin) {
  const began = Date.now();
  const { status } = spawnSync('sh', ['-e', '-c', command], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } });
  if (status !== 0) throw new Error(`${name}: its command ended with ${status}:\n${command}`);
  if (!existsSync(join(folder, name))) throw new Error(`${name}: its command made no such file:\n${command}`);
  copyFileSync(join(folder, name), join(root, 'docs/images/gallery', name));
  console.log(`${name}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

function main() {
  const { values } = parseArgs({ options: { 'data-dir': { type: 'string', default: '.langevin' }, only: { type: 'string' } } });
  const pictures = galleryPictures(join(root, 'docs/gallery.md')).filter(({ name }) => values.only === undefined || name === values.only);
  if (pictures.length === 0) throw new Error(`docs/gallery.md has no picture ${values.only}`);
  const folder = mkdtempSync(join(tmpdir(), 'langevin-gallery-'));
  try {
    symlinkSync(resolve(values['data-dir']), join(folder, '.langevin'));
    const bin = programs(folder);
    mkdirSync(join(root, 'docs/images/gallery'), { recursive: true });
    for (const picture of pictures) draw(picture, folder, bin);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
