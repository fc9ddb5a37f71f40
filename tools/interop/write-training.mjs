// node write-training.mjs OUT: a network as a diffusers directory, and what Langevin's compiled code makes of it: its output for one batch,
// images drawn from noise, and the losses of 50 training steps, with all the data and noise that went in. Images are [B, H, W, C].
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitParameters, trainingNoise, unet2d } from '@langevin/diffusion-core';
import { encodeSafetensors, initParameters } from '@langevin/diffusion-core/io';
import { compile, loadTensorFlow } from '@langevin/tf-runtime';
import { batch, benchmarkJob, samplingSteps } from '../../benchmarks/step/jobs.mjs';
import { openSampling } from '../../benchmarks/step/sampling.mjs';
import { openTraining, randomBatches } from '../../benchmarks/step/training.mjs';
import { samplingNoise } from '../../libs/client/dist/sampling-noise.js';
import { writeDiffusersDirectory } from './diffusers-directory.mjs';

const trainingSteps = 50;
const [out] = process.argv.slice(2);
const runtime = await loadTensorFlow();
const spec = benchmarkJob('8x8x1', 'fp32');
const network = unet2d(spec.model);
const parameters = initParameters(network.layout, spec.seed);
const { sample_size: side, in_channels: colours } = spec.model;
const imageShape = [side, side, colours];
const bytesOf = (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const tensor = (name, shape, values) => ({ name, dtype: values instanceof Int32Array ? 'I32' : 'F32', shape, data: bytesOf(values) });

/** The losses, and what each step saw. */
function train() {
  const training = openTraining(spec, runtime);
  const batches = randomBatches(spec, trainingSteps);
  const noises = batches.flatMap((_, index) =>
    Array.from({ length: batch }, (_, sample) =>
      trainingNoise({ seed: spec.seed, step: index + 1, sample }, spec.process.num_train_timesteps, new Float32Array(side * side * colours)),
    ),
  );
  const shape = [trainingSteps, batch];
  return [
    tensor('losses', [trainingSteps], Float32Array.from(batches, (images) => training.step(images))),
    tensor('x0', [...shape, ...imageShape], Float32Array.from(batches.flatMap(({ images }) => [...images]))),
    tensor('noise', [...shape, ...imageShape], Float32Array.from(noises.flatMap(({ eps }) => [...eps]))),
    tensor('t', shape, Int32Array.from(noises, ({ t }) => t)),
  ];
}

/** The raw output of the network, at times over the whole range. */
function predict() {
  const shape = [batch, ...imageShape];
  const times = Float32Array.from({ length: batch }, (_, i) => Math.round((i * (spec.process.num_train_timesteps - 1)) / (batch - 1)));
  const images = samplingNoise(spec.seed + 1, 0, batch, imageShape).start().dataSync();
  const program = compile(
    { predict: ({ x, t }, { params }) => ({ results: { output: network.apply(splitParameters(params, network.layout), x, t) } }) },
    { state: { params: { shape: [network.layout.total] } }, inputs: { predict: { x: { shape }, t: { shape: [batch] } } } },
  );
  program.writeState({ params: parameters });
  const { output } = program.run.predict({ x: images, t: times });
  const values = output.dataSync();
  program.dispose();
  return [tensor('x', shape, images), tensor('times', [batch], Int32Array.from(times)), tensor('output', shape, values)];
}

async function draw() {
  const shape = [batch, ...imageShape];
  const { images } = await openSampling(spec, parameters, { count: batch, batchSize: batch, steps: samplingSteps, seed: spec.seed }).draw();
  const start = samplingNoise(spec.seed, 0, batch, imageShape).start();
  return [tensor('start', shape, start.dataSync()), tensor('drawn', shape, images)];
}

const directory = join(out, 'trained');
const answers = join(out, 'training.safetensors');
writeDiffusersDirectory(directory, spec);
writeFileSync(answers, encodeSafetensors([...train(), ...predict(), ...(await draw())]));
const { learningRate, ema } = spec.training;
writeFileSync(join(out, 'training.json'), JSON.stringify({ directory, answers, learningRate, ema, samplingSteps }));
