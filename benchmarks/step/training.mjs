import { VectorArena, finishGradient } from '@langevin/collectives';
import { modelLayout } from '@langevin/diffusion-core';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { runtimeFacts } from '@langevin/tf-runtime';
import { machineNumerics } from '../../apps/trainer/dist/compute/machine-numerics.js';
import { openSession } from '../../apps/trainer/dist/compute/session.js';

/**
 * The training of a job by one process, from the initial weights of its seed: what a trainer computes (noise, gradients of
 * the leaves, Adam, averages) and what is done with the sum (one division, one norm), without an exchange.
 */
export function openTraining(spec, runtime) {
  const arena = new VectorArena(modelLayout(spec.model).total);
  const session = openSession(machineNumerics(runtimeFacts(runtime)), spec, 0, null, arena);
  const learningRate = Math.fround(spec.training.learningRate);
  let done = 0;
  return {
    parameters: session.parameters,
    numerics: session.numerics,
    /** The next step, on the images of all its leaves; gives its loss. */
    step(batch) {
      const leaves = leavesOf(batch, spec.training);
      for (const leaf of leaves) session.stage(done + 1, leaf);
      const { address, weightSum, lossSum } = session.gradient(done + 1, leaves.map(({ firstSlot }) => firstSlot));
      const gradient = arena.vectorAt(address);
      const { loss } = finishGradient({ gradient, weightSum, lossSum }, spec.training.clipNorm);
      session.apply(done + 1, address, learningRate);
      gradient.free();
      done += 1;
      return loss;
    },
  };
}

/** What each virtual worker computes. */
function leavesOf({ images, labels, weights }, { virtualWorkers, microBatch }) {
  const part = (values, index) => values.subarray((values.length / virtualWorkers) * index, (values.length / virtualWorkers) * (index + 1));
  return Array.from({ length: virtualWorkers }, (_, index) => ({ images: part(images, index), labels: part(labels, index), weights: part(weights, index), firstSlot: index * microBatch }));
}

/** Steps' worth of random images. */
export function randomBatches(spec, count) {
  const { sample_size: size, in_channels: colours } = spec.model;
  const samples = spec.training.virtualWorkers * spec.training.microBatch;
  return Array.from({ length: count }, (_, index) => {
    const stream = new PhiloxStream({ seed: spec.seed, purpose: 'augmentation', step: index + 1 });
    const images = stream.fillUniform(new Float32Array(samples * size * size * colours)).map((value) => 2 * value - 1);
    return { images, labels: new Int32Array(samples), weights: new Float32Array(samples).fill(1) };
  });
}
