// What gradient checkpointing saves and costs: peak memory and speed of the same training with and without it, each in a process of its own.
// `npm run bench -- memory [--json] [--models 32x32x3,…] [--steps N]`
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { runtimeEnvironment } from '@langevin/tf-runtime/process';
import { benchmarkNetworkNames } from '@langevin/testing';
import { batch, benchmarkJob } from './step/jobs.mjs';
import { openTraining, randomBatches } from './step/training.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    models: { type: 'string', default: '32x32x3' },
    steps: { type: 'string', default: '4' },
    // For the processes that it starts: the network of this one, and whether it checkpoints.
    measure: { type: 'string' },
    checkpointing: { type: 'boolean', default: false },
  },
});

const mebibytes = (kibibytes) => Math.round(kibibytes / 1024);

/** In a process of its own: its peak is that of nothing else. */
async function measure(model, gradientCheckpointing) {
  const runtime = await loadTensorFlow({ backend: 'tensorflow-cpu' });
  const before = process.resourceUsage().maxRSS;
  const spec = benchmarkJob(model, 'fp32');
  const job = { ...spec, training: { ...spec.training, gradientCheckpointing } };
  const training = openTraining(job, runtime);
  const seconds = randomBatches(job, Number(values.steps)).map((images) => {
    const start = performance.now();
    training.step(images);
    return (performance.now() - start) / 1000;
  });
  // The first step optimises the graph.
  const [median] = seconds.slice(1).sort((a, b) => a - b).slice((seconds.length - 1) >> 1);
  return { idleMiB: mebibytes(before), peakMiB: mebibytes(process.resourceUsage().maxRSS), imagesPerSecond: Number((batch / median).toFixed(1)) };
}

function inOwnProcess(model, checkpointing) {
  const args = [fileURLToPath(import.meta.url), '--measure', model, '--steps', values.steps, ...(checkpointing ? ['--checkpointing'] : [])];
  const env = { ...process.env, ...runtimeEnvironment({ threads: availableParallelism(), device: null }) };
  return { model, gradientCheckpointing: checkpointing, ...JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) };
}

function main() {
  const models = values.models.split(',');
  const unknown = models.find((name) => !benchmarkNetworkNames.includes(name));
  if (unknown !== undefined) throw new Error(`--models ${unknown}: there is ${benchmarkNetworkNames.join(', ')}`);
  const steps = Number(values.steps);
  if (!Number.isInteger(steps) || steps < 2) throw new Error(`--steps ${values.steps}: give a whole number of at least 2; the first one does not count`);
  const results = models.flatMap((model) => [false, true].map((checkpointing) => inOwnProcess(model, checkpointing)));
  if (values.json) return console.log(JSON.stringify({ results }));
  for (const { model, gradientCheckpointing, idleMiB, peakMiB, imagesPerSecond } of results) {
    console.log(`${model}, gradientCheckpointing ${gradientCheckpointing}: peak ${peakMiB} MiB (${idleMiB} before the job), ${imagesPerSecond} images/s`);
  }
}

try {
  if (values.measure === undefined) main();
  else console.log(JSON.stringify(await measure(values.measure, values.checkpointing)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
