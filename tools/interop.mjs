// npm run test:interop [-- --checkpoint DIR]: diffusers loads what Langevin writes and computes the same with it, training included; TensorFlow loads
// its SavedModels and computes the same; Langevin imports what diffusers writes; diffusers' samplers take the steps that Langevin's do; pandas and DuckDB read its curves; schemathesis
// finds nothing wrong with its HTTP API. `--only models`, `--only import`, `--only samplers`, `--only metrics` or `--only api` is a part of it.
// Without --checkpoint on networks with random weights; DIR is a diffusers directory that Langevin has exported.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkApi } from './interop/check-api.mjs';
import { execute, interopPython } from './interop/environment.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function main() {
  const { values } = parseArgs({ options: { checkpoint: { type: 'string' }, only: { type: 'string' } } });
  if (values.only === undefined || values.only === 'api') checkApi(root);
  if (values.only === 'api') return;
  const python = interopPython('requirements.txt', ['torch', 'diffusers'], '2 GB to download, 5 GB on disk');
  execute(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '--build',
    ...['libs/client', 'libs/diffusion-core', 'libs/registry', 'libs/tf-runtime', 'apps/trainer'].map((project) => join(root, project, 'tsconfig.lib.json')),
  ]);
  const out = mkdtempSync(join(tmpdir(), 'langevin-interop-'));
  try {
    const asked = (part) => values.checkpoint === undefined && (values.only === undefined || values.only === part);
    if (asked('samplers')) checkSamplers(python, out);
    if (asked('import')) checkImport(python, out);
    if (asked('metrics')) checkMetrics(python, out);
    if (['samplers', 'import', 'metrics'].includes(values.only)) return;
    const checkpoint = values.checkpoint === undefined ? [] : [resolve(values.checkpoint)];
    execute(process.execPath, [join(root, 'tools', 'interop', 'write-cases.mjs'), out, ...checkpoint]);
    execute(python, [join(root, 'tools', 'interop', 'check.py'), join(out, 'cases.json')]);
    if (values.checkpoint !== undefined) return;
    execute(process.execPath, [join(root, 'tools', 'interop', 'write-training.mjs'), out]);
    execute(python, [join(root, 'tools', 'interop', 'check-training.py'), join(out, 'training.json')]);
    const tensorflow = interopPython('requirements-tensorflow.txt', ['tensorflow', 'safetensors'], '350 MB to download, 1.6 GB on disk');
    execute(process.execPath, [join(root, 'tools', 'interop', 'write-saved-models.mjs'), out]);
    execute(tensorflow, [join(root, 'tools', 'interop', 'check-saved-models.py'), join(out, 'saved-models.json')]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** diffusers writes the ways that its samplers take, and Langevin's take them too. */
function checkSamplers(python, out) {
  execute(python, ['-B', '-W', 'ignore', join(root, 'tools', 'interop', 'write-sampler-cases.py'), out]);
  execute(process.execPath, [join(root, 'tools', 'interop', 'check-samplers.mjs'), join(out, 'cases.json')]);
}

/** SciPy and Langevin judge the same features. */
function checkMetrics(python, out) {
  execute(python, ['-B', join(root, 'tools', 'interop', 'write-metric-cases.py'), out]);
  execute(process.execPath, [join(root, 'tools', 'interop', 'check-metrics.mjs'), join(out, 'metrics.json')]);
}

/** diffusers writes networks of many kinds, and Langevin imports them. */
function checkImport(python, out) {
  execute(python, ['-B', '-W', 'ignore', join(root, 'tools', 'interop', 'write-diffusers.py'), out]);
  execute(process.execPath, [join(root, 'tools', 'interop', 'check-import.mjs'), join(out, 'import.json')]);
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
