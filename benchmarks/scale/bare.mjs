// node bare.mjs MODEL: the loop without a coordinator of `npm run bench -- scale`. Answers each line {"steps": N} on stdin by doing that many
// steps of the same job in this process.
import { createInterface } from 'node:readline';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { openTraining, randomBatches } from '../step/training.mjs';
import { globalBatch, scaleJob } from './jobs.mjs';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const spec = scaleJob(process.argv[2], 1);
const runtime = await loadTensorFlow({ backend: 'tensorflow-cpu' });
const { parameters, numerics, step } = openTraining(spec, runtime);
if (!numerics.graph.startsWith('compiled')) throw new Error(`training is not compiled: ${numerics.graph}`);
const batches = randomBatches(spec, 8);
say({ parameters, about: `Langevin on ${runtime.backend}` });
for await (const line of createInterface({ input: process.stdin })) {
  const { steps } = JSON.parse(line);
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  let last;
  for (let index = 0; index < steps; index += 1) last = step(batches[index % batches.length]);
  const { user, system } = process.cpuUsage(startCpu);
  say({ images: steps * globalBatch, seconds: (performance.now() - startMs) / 1000, cpuSeconds: (user + system) / 1e6, last });
}
