// Fetches and builds the native TensorFlow runtime into Langevin's cache: `npm run setup:tensorflow`; with `-- --gpu` the one for
// NVIDIA GPUs, beside the other.
// Needs nothing but Node and an installed workspace; builds the package that does the work when it is not built.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => process.stderr.write(`${line}\n`);

/** Compiles the package (seconds when it is up to date) and loads it. */
async function loadPackage() {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const built = spawnSync(process.execPath, [tsc, '-b', 'libs/tf-runtime/tsconfig.lib.json'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (built.status !== 0) throw new Error('the workspace is not installed or does not compile: run `npm ci` first');
  return import(pathToFileURL(path.join(root, 'libs', 'tf-runtime', 'dist', 'index.js')).href);
}

function explainMissing(missing, gpu) {
  say('The fast TensorFlow backend cannot be built yet; nothing was downloaded. Missing:');
  for (const { what, why, mend } of missing) {
    say(`- ${what}: ${why}`);
    const commands = new Set(Object.values(mend));
    if (commands.size === 1) say(`    ${[...commands][0]}`);
    else for (const [system, command] of [['Debian, Ubuntu', mend.debian], ['Fedora', mend.fedora], ['macOS', mend.macos]]) say(`    ${system}: ${command}`);
  }
  say(`Everything also runs without it, slower, on ${gpu ? 'the processor: npm run setup:tensorflow' : 'WebAssembly'}.`);
}

try {
  const { gpu = false } = parseArgs({ options: { gpu: { type: 'boolean' } } }).values;
  const { installRuntime, surveyGpus } = await loadPackage();
  const stop = new globalThis.AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  const result = await installRuntime({ flavor: gpu ? 'gpu' : 'cpu', onProgress: say, signal: stop.signal });
  if (result.status === 'missing') {
    explainMissing(result.missing, gpu);
    process.exitCode = 1;
  } else {
    say(`${result.built ? 'built' : 'already there'}: ${result.directory}`);
    const survey = gpu ? await surveyGpus() : null;
    for (const device of survey?.devices ?? []) say(`GPU ${device.index}: ${device.name}, compute capability ${device.computeCapability}, driver ${device.driver}`);
    if (survey?.problem) say(`it computes on the processor for now: ${survey.problem}`);
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
