import { parseJobSpec } from '@langevin/contracts';
import { trainingTask } from '@langevin/diffusion-core';
import { isRuntimeComplete, loadTensorFlow, runtimeDirectory } from '@langevin/tf-runtime';
import { trainingProgram } from './training-program.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? it : it.skip;

/** The networks of `npm run bench -- step`. */
const models = {
  '8x8x1': { size: 8, colours: 1, channels: [32, 64] },
  '32x32x1': { size: 32, colours: 1, channels: [32, 64, 64] },
  '32x32x3': { size: 32, colours: 3, channels: [64, 128, 128] },
} as const;

function jobOf(model: keyof typeof models) {
  const { size, colours, channels } = models[model];
  return parseJobSpec({
    name: model,
    dataset: { name: 'none' },
    model: {
      ...{ sample_size: size, in_channels: colours, out_channels: colours, block_out_channels: channels },
      ...{ down_block_types: channels.map(() => 'DownBlock2D'), up_block_types: channels.map(() => 'UpBlock2D') },
    },
    training: { steps: 1, virtualWorkers: 1, microBatch: 16 },
    checkpoints: { everySteps: 1 },
  });
}

// A graph with more nodes is a slower one. Where more are meant, `npx jest node-counts --updateSnapshot` in this folder's project writes the new numbers down:
// look at each that changed. What TensorFlow makes of the nodes shows `npm run profile`.
native.each(Object.keys(models) as (keyof typeof models)[])('a compiled training step of %s has no more nodes than it needs', async (model) => {
  await loadTensorFlow({ backend: 'tensorflow-cpu' });
  const spec = jobOf(model);
  using program = trainingProgram(spec, trainingTask(spec), () => undefined);
  expect({ gradient: program.nodeCounts('gradient'), apply: program.nodeCounts('apply') }).toMatchSnapshot();
});
