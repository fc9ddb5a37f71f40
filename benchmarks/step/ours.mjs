// node ours.mjs OPTIONS: Langevin's side of `npm run bench -- step`. Answers each line {"steps": N} on stdin by doing that many steps: training
// steps, or batches of images that are drawn from noise.
import { createInterface } from 'node:readline';
import { initParameters, modelLayout } from '@langevin/diffusion-core';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { batch, benchmarkJob, samplingSteps } from './jobs.mjs';

const { model, mode, precision } = JSON.parse(process.argv[2]);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Resolves to what does one step, given its number, and tells a value that is finite when all went well. */
const sides = {
  async train(spec, runtime) {
    const { openTraining, randomBatches } = await import('./training.mjs');
    const { numerics, step } = openTraining(spec, runtime);
    if (!numerics.graph.startsWith('compiled')) throw new Error(`training is not compiled: ${numerics.graph}`);
    const batches = randomBatches(spec, 8);
    return (index) => step(batches[index % batches.length]);
  },
  async sample(spec) {
    const { openSampling } = await import('./sampling.mjs');
    const sampling = openSampling(spec, initParameters(modelLayout(spec.model), spec.seed), { count: batch, batchSize: batch, steps: samplingSteps });
    return async () => (await sampling.draw()).images[0];
  },
};

const spec = benchmarkJob(model, precision);
const runtime = await loadTensorFlow({ backend: 'tensorflow-cpu' });
const step = await sides[mode](spec, runtime);
say({ parameters: modelLayout(spec.model).total, about: `Langevin on ${runtime.backend}` });
for await (const line of createInterface({ input: process.stdin })) {
  const { steps } = JSON.parse(line);
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  let last;
  for (let index = 0; index < steps; index += 1) last = await step(index);
  const { user, system } = process.cpuUsage(startCpu);
  say({ images: steps * batch, seconds: (performance.now() - startMs) / 1000, cpuSeconds: (user + system) / 1e6, last });
}
