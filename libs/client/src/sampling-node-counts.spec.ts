import * as tf from '@tensorflow/tfjs-core';
import { isDenoiserJob, parseJobSpec } from '@langevin/contracts';
import { initParameters, modelLayout } from '@langevin/diffusion-core/io';
import { benchmarkNetworkNames, benchmarkNetworks } from '@langevin/testing';
import { isRuntimeComplete, loadTensorFlow, profile, runtimeDirectory } from '@langevin/tf-runtime';
import { CompiledDenoisers } from './compiled-denoisers.js';
import { plannedModel } from './planned-model.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? it : it.skip;

/** Steps for which a sampler has its graph compiled. */
const steps = 50;

// A graph with more nodes is a slower one. Where more are meant, `npx jest sampling-node-counts --updateSnapshot` in this folder's project writes the new numbers down.
native.each(benchmarkNetworkNames)('a compiled denoiser of %s has no more nodes than it needs', async (network) => {
  await loadTensorFlow({ backend: 'tensorflow-cpu' });
  const spec = parseJobSpec({ name: network, dataset: { name: 'none' }, model: benchmarkNetworks[network], training: { steps: 1, virtualWorkers: 1, microBatch: 1 }, checkpoints: { everySteps: 1 } });
  if (!isDenoiserJob(spec)) throw new Error(`${network} is no denoiser`);
  const { sample_size: size, in_channels: colours } = spec.model;
  const { model, dispose } = plannedModel(spec, initParameters(modelLayout(spec.model), 1));
  using denoisers = new CompiledDenoisers(() => model.denoise(), [size, size, colours]);
  const [x, t] = [tf.zeros([1, size, size, colours]), tf.zeros([1])];
  // The program's state, which is empty, is set first.
  const runs = profile(() => denoisers.denoiser(1, {}, steps)(x, t as tf.Tensor1D).dispose());
  tf.dispose([x, t]);
  dispose();
  expect(runs.find(({ entry }) => entry === 'denoise')?.nodeCounts).toMatchSnapshot();
});
