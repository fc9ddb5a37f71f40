// npm run test:interop [-- --checkpoint DIR]: diffusers loads what Langevin writes and computes the same with it.
// Without --checkpoint on networks with random weights; DIR is a diffusers directory that Langevin has exported.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execute, interopPython } from './interop/environment.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function main() {
  const { values } = parseArgs({ options: { checkpoint: { type: 'string' } } });
  const python = interopPython();
  execute(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '--build',
    ...['client', 'diffusion-core', 'registry', 'tf-runtime'].map((lib) => join(root, 'libs', lib, 'tsconfig.lib.json')),
  ]);
  const out = mkdtempSync(join(tmpdir(), 'langevin-interop-'));
  try {
    const checkpoint = values.checkpoint === undefined ? [] : [resolve(values.checkpoint)];
    execute(process.execPath, [join(root, 'tools', 'interop', 'write-cases.mjs'), out, ...checkpoint]);
    execute(python, [join(root, 'tools', 'interop', 'check.py'), join(out, 'cases.json')]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
