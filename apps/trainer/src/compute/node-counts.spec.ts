import { parseJobSpec } from '@langevin/contracts';
import { trainingTask } from '@langevin/diffusion-core';
import { benchmarkNetworkNames, benchmarkNetworks } from '@langevin/testing';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { trainingProgram } from './training-program.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? it : it.skip;

// A graph with more nodes is a slower one. Where more are meant, `npx jest node-counts --updateSnapshot` in this folder's project writes the new numbers down:
// look at each that changed. What TensorFlow makes of the nodes shows `npm run profile`.
native.each(benchmarkNetworkNames)('a compiled training step of %s has no more nodes than it needs', async (model) => {
  await loadTensorFlow({ backend: 'tensorflow-cpu' });
  const spec = parseJobSpec({ name: model, dataset: { name: 'none' }, model: benchmarkNetworks[model], training: { steps: 1, virtualWorkers: 1, microBatch: 16 }, checkpoints: { everySteps: 1 } });
  using program = trainingProgram(spec, trainingTask(spec), () => undefined);
  expect({ gradient: program.nodeCounts('gradient'), apply: program.nodeCounts('apply') }).toMatchSnapshot();
});
