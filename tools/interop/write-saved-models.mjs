// node write-saved-models.mjs OUT: exports networks with random weights as SavedModels, with inputs and Langevin's answers to them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportSavedModel } from '@langevin/client';
import { parseJobSpec } from '@langevin/contracts';
import { ddim, ddpmProcess, splitParameters, timestepGrid, toDenoiser, unet2d } from '@langevin/diffusion-core';
import { encodeSafetensors, initParameters } from '@langevin/diffusion-core/io';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { cases } from './cases.mjs';

const batch = 3;
const steps = 20;
const [out] = process.argv.slice(2);
const { tf } = await loadTensorFlow({ backend: 'tensorflow-cpu' });
const written = [];
// One of each kind of prediction, with and without labels.
for (const [index, { name, model, process: forward }] of cases.entries()) written.push(await writeModel(name, model, forward, index));
writeFileSync(join(out, 'saved-models.json'), JSON.stringify(written));

async function writeModel(name, config, forward, index) {
  const spec = parseJobSpec({ name: 'interop', dataset: { name: 'none' }, model: config, process: forward, training: { steps: 1 }, checkpoints: { everySteps: 1 } });
  const network = unet2d(spec.model);
  const shake = normal(index, 50, network.layout.total);
  const parameters = initParameters(network.layout, index).map((value, i) => value + 0.05 * shake[i]);
  const directory = join(out, `saved-model-${index}`);
  await exportSavedModel({ run: 'interop', step: 1, digest: '0'.repeat(64), weights: 'ema', spec, parameters }, directory, { batchSize: batch });
  const answers = join(out, `saved-model-${index}.safetensors`);
  writeFileSync(answers, encodeSafetensors(answersOf(network, spec.process, parameters, index)));
  const grid = timestepGrid(steps, 'leading', { numTrainTimesteps: forward.num_train_timesteps });
  return { name, directory, answers, grid: grid.map(({ t, tPrev }) => [t, tPrev]) };
}

/** Single steps at times of their own, and a whole trajectory; each by what users of Langevin call. */
function answersOf({ config, layout, apply }, processConfig, parameters, seed) {
  const { sample_size: side, in_channels: colours, num_class_embeds: embeds } = config;
  const shape = [batch, side, side, colours];
  const size = batch * side * side * colours;
  const forward = ddpmProcess(processConfig);
  const [t, tPrev] = [Int32Array.of(900, 450, 7), Int32Array.of(850, 0, -1)];
  const classes = embeds === undefined ? undefined : Int32Array.from({ length: batch }, (_, i) => (embeds - 1 - i) % embeds);
  return tf.tidy(() => {
    const weights = splitParameters(tf.tensor1d(parameters), layout);
    const labels = classes && tf.tensor1d(classes, 'int32');
    const predict = (x, times) => apply(weights, x, times, labels);
    const x = tf.tensor4d(normal(seed, 60, size), shape);
    const times = tf.tensor1d(t, 'int32');
    const denoiser = toDenoiser(predict, forward, processConfig.prediction_type);
    const x0 = denoiser(x, times);
    const own = (tensor, i) => tf.slice(tensor, [i, 0, 0, 0], [1, ...shape.slice(1)]);
    const stepped = tf.concat(Array.from(t, (time, i) => ddim(() => own(x0, i), forward, [{ t: time, tPrev: tPrev[i] }], own(x, i))));
    const start = tf.tensor4d(normal(seed, 61, size), shape);
    const end = ddim(denoiser, forward, timestepGrid(steps, 'leading', { numTrainTimesteps: forward.numTrainTimesteps }), start);
    const floats = { x, prediction: predict(x, times), x0, x_prev: stepped, start, end };
    const integers = { t, t_prev: tPrev, ...(classes && { labels: classes }) };
    return [
      ...Object.entries(floats).map(([name, tensor]) => ({ name, dtype: 'F32', shape, data: bytesOf(tensor.dataSync()) })),
      ...Object.entries(integers).map(([name, values]) => ({ name, dtype: 'I32', shape: [batch], data: bytesOf(values) })),
    ];
  });
}

function normal(seed, sample, length) {
  return new PhiloxStream({ seed, purpose: 'noise', sample }).fillNormal(new Float32Array(length));
}

function bytesOf(values) {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
