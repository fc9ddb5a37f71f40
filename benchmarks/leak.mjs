// Whether training leaks: tensors and memory over thousands of steps of the smallest network, each a gradient, Adam and the averages.
// `npm run bench -- leak [--json] [--steps N]`
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { runtimeEnvironment } from '@langevin/tf-runtime/process';
import { benchmarkJob } from './step/jobs.mjs';
import { openTraining, randomBatches } from './step/training.mjs';

/** By then the graphs are optimised, the code is compiled, and the pools of memory are full. */
const settledAfter = 1000;
/** What may still come to it, in per cent. */
const allowedGrowth = 3;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    steps: { type: 'string', default: '10000' },
    // For the process that it starts.
    measure: { type: 'boolean', default: false },
  },
});

function wholeSteps() {
  const steps = Number(values.steps);
  if (Number.isInteger(steps) && steps > settledAfter) return steps;
  throw new Error(`--steps ${values.steps}: give a whole number of more than ${settledAfter}, from which on memory is compared`);
}

/** In a process of its own: its memory is that of nothing else. */
async function measure(steps) {
  const runtime = await loadTensorFlow({ backend: 'tensorflow-cpu' });
  const spec = benchmarkJob('8x8x1', 'fp32');
  const training = openTraining(spec, runtime);
  const batches = randomBatches(spec, 8);
  const tensorsAtStart = runtime.tf.memory().numTensors;
  let rssAt1000 = 0;
  for (let step = 1; step <= steps; step += 1) {
    const loss = training.step(batches[step % batches.length]);
    if (!Number.isFinite(loss)) throw new Error(`the loss of step ${step} is ${loss}: these figures say nothing`);
    if (step === settledAfter) rssAt1000 = process.memoryUsage.rss();
  }
  const rssAtEnd = process.memoryUsage.rss();
  const growthPercent = Number(((100 * (rssAtEnd - rssAt1000)) / rssAt1000).toFixed(2));
  return { measure: `${steps} steps`, tensorsAtStart, tensorsAtEnd: runtime.tf.memory().numTensors, rssAt1000, rssAtEnd, growthPercent };
}

function main() {
  const steps = wholeSteps();
  const args = [fileURLToPath(import.meta.url), '--measure', '--steps', String(steps)];
  const env = { ...process.env, ...runtimeEnvironment({ threads: 1, device: null }) };
  const result = JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  const { tensorsAtStart, tensorsAtEnd, rssAt1000, rssAtEnd, growthPercent } = result;
  if (values.json) console.log(JSON.stringify({ results: [result] }));
  else console.log(`${steps} steps: ${tensorsAtStart} tensors before, ${tensorsAtEnd} after; ${rssAt1000} bytes of memory after step ${settledAfter}, ${rssAtEnd} at the end (${growthPercent} %)`);
  if (tensorsAtEnd === tensorsAtStart && growthPercent <= allowedGrowth) return;
  console.error(`training leaks: tensors must stay as many as they are, and memory must not grow by more than ${allowedGrowth} % after step ${settledAfter}`);
  process.exitCode = 1;
}

try {
  if (values.measure) console.log(JSON.stringify(await measure(wholeSteps())));
  else main();
} catch (error) {
  console.error(`npm run bench -- leak: ${error.message}`);
  process.exitCode = 1;
}
