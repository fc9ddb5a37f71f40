import { readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { verdict } from './tally.mjs';

const medianLimit = 120;
const vagueNames = /^(utils?|helpers?|common|misc|shared)\.ts$/;

/** Handwritten sources of all packages, specs left out. */
function sources(root) {
  return ['apps', 'libs'].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((name) => {
      const folder = join(root, parent, name, 'src');
      return readdirSync(folder, { recursive: true })
        .filter((file) => file.endsWith('.ts') && !/\.(spec|bench|d)\.ts$/.test(file) && !/^gen[\\/]/.test(file))
        .map((file) => join(folder, file));
    }),
  );
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Files are short and named after the one thing that they hold. */
export async function structure(root) {
  const files = sources(root).map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
  const middle = median(files.map(({ text }) => text.trimEnd().split('\n').length));
  const complaints = files.flatMap(({ path, text }) => [
    ...(vagueNames.test(basename(path)) ? [`${path}: name the file after what it holds`] : []),
    ...(/^[^-a-z0-9]|[A-Z_]/.test(basename(path)) ? [`${path}: file names are kebab-case`] : []),
    ...(/\bTODO\b|\bFIXME\b/.test(text) ? [`${path}: an open end (TODO, FIXME); finish it or open an issue`] : []),
  ]);
  if (middle > medianLimit) complaints.push(`the median source file has ${middle} lines; the limit is ${medianLimit}`);
  return verdict(complaints.length === 0, complaints.join('\n'), `median of ${files.length} files: ${middle} lines`);
}
