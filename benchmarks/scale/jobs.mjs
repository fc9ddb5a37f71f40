import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { benchmarkJob } from '../step/jobs.mjs';

/** Trainers, and processes of the peer. */
export const workers = 2;

/** Images of a leaf, and those that a process of the peer takes at a time. */
export const leafBatch = 16;

/** Images in one step of all. */
export const globalBatch = workers * leafBatch;

const samples = 2048;

/** The job of `npm run bench -- step` with a leaf for each worker. It ends when it is cancelled. */
export function scaleJob(model, trainers) {
  const spec = benchmarkJob(model, 'fp32');
  return {
    ...spec,
    name: `scale-${model}`,
    dataset: { ...spec.dataset, name: datasetName(spec.model) },
    training: { ...spec.training, virtualWorkers: workers, microBatch: leafBatch },
    trainers: { ...spec.trainers, min: trainers },
  };
}

/** Noise of the shape that the network of a job takes: what is learned costs no time. */
export function noiseDataset({ model, seed }) {
  const { sample_size: size, in_channels: colours } = model;
  const images = (count) => {
    const values = new PhiloxStream({ seed, purpose: 'augmentation', step: count }).fillUniform(new Float32Array(count * size * size * colours));
    return { images: Uint8Array.from(values, (value) => 255 * value), labels: new Uint8Array(count) };
  };
  return {
    name: datasetName(model),
    imageShape: [size, size, colours],
    classes: 1,
    source: 'noise of npm run bench -- scale',
    license: 'CC0-1.0',
    load: async () => ({ train: images(samples), test: images(leafBatch) }),
  };
}

function datasetName({ sample_size: size, in_channels: colours }) {
  return `noise-${size}x${size}x${colours}`;
}
