// node write-cases.mjs OUT [CHECKPOINT]: writes each case as a diffusers directory, with inputs and Langevin's answers to them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pullModel } from '@langevin/client';
import { parseClassifier2DConfig, parseJobSpec, parseUNet2DConfig } from '@langevin/contracts';
import { classifier2d, ddim, ddpmProcess, initParameters, splitParameters, timestepGrid, toDenoiser, unet2d } from '@langevin/diffusion-core';
import {
  decodeSafetensors,
  encodeSafetensors,
  exportTensors,
  importTensors,
  unet2dConfigFromDiffusers,
} from '@langevin/diffusion-core/io';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { DirectoryStore, publishCheckpoint, registerModel } from '@langevin/registry';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { cases, classifierCase } from './cases.mjs';
import { writeDiffusersDirectory } from './diffusers-directory.mjs';

const batch = 4;
const trajectorySteps = 20;
const [out, checkpoint] = process.argv.slice(2);
const { tf, backend } = await loadTensorFlow();
console.log(`Langevin computes on ${backend}.`);

const written = checkpoint === undefined ? [...cases.map(writeRandomModel), await pullRandomModel(cases[0], cases.length)] : [readCheckpoint(resolve(checkpoint))];
const described = written.map(({ name, directory, model, process: forward, parameters }, index) => {
  const answers = join(out, `answers-${index}.safetensors`);
  writeFileSync(answers, encodeSafetensors(answersOf(model, forward, parameters, index)));
  return { name, directory, answers, trajectorySteps };
});
const classifiers = checkpoint === undefined ? [writeRandomClassifier(classifierCase, written.length)] : [];
writeFileSync(join(out, 'cases.json'), JSON.stringify([...described, ...classifiers]));

/** Start values, shaken so that no scale is 1 and no offset 0. */
function shakenParameters({ layout }, seed) {
  const shake = normal(seed, 50, layout.total);
  return initParameters(layout, seed).map((value, i) => value + 0.05 * shake[i]);
}

function writeRandomModel({ name, model: config, process: forward }, index) {
  const model = unet2d(parseUNet2DConfig(config));
  const parameters = shakenParameters(model, index);
  const directory = join(out, `model-${index}`);
  writeDiffusersDirectory(directory, { model: model.config, process: forward }, parameters);
  return { name, directory, model, process: forward, parameters };
}

/** A classifier's weights, with inputs and its logits for them. Diffusers has no such network: the check builds it from parts. */
function writeRandomClassifier({ name, model: given }, index) {
  const model = classifier2d(parseClassifier2DConfig(given));
  const parameters = shakenParameters(model, index);
  const classes = model.config.num_classes;
  // What diffusers' network has too.
  const encoder = Object.fromEntries(Object.entries(model.config).filter(([key]) => key !== 'type' && key !== 'num_classes'));
  const [weights, answers] = ['weights', 'answers'].map((what) => join(out, `classifier-${what}.safetensors`));
  writeFileSync(weights, encodeSafetensors(exportTensors(parameters, model.layout), { format: 'pt' }));
  const shape = [batch, encoder.sample_size, encoder.sample_size, encoder.in_channels];
  const times = Int32Array.of(0, 333, 666, 999);
  const tensors = tf.tidy(() => {
    const x = tf.tensor4d(normal(index, 60, batch * encoder.sample_size ** 2 * encoder.in_channels), shape);
    const logits = model.logits(splitParameters(tf.tensor1d(parameters), model.layout), x, tf.tensor1d(times, 'int32'));
    return [i32('times', times), f32('x', tf.transpose(x, [0, 3, 1, 2])), f32('logits', logits)];
  });
  writeFileSync(answers, encodeSafetensors(tensors));
  return { name, encoder, classes, weights, answers };
}

/** A model on the way that a user's takes: a checkpoint as trainers write it, registered, pulled. */
async function pullRandomModel({ model: config, process: forward }, index) {
  const model = unet2d(parseUNet2DConfig(config));
  const parameters = initParameters(model.layout, index);
  const store = await DirectoryStore.open(join(out, 'store'));
  const spec = parseJobSpec({ name: 'interop', dataset: { name: 'none' }, model: config, process: forward, training: { steps: 1 }, checkpoints: { everySteps: 1 } });
  const facts = { schemaVersion: 1, kind: 'checkpoint', run: 'interop', step: 1, samplesSeen: 1, loss: null, spec, guidanceRole: 'denoiser', metrics: {}, numericsClass: {} };
  const digests = { scheduleDigest: '0'.repeat(64), datasetDigest: '0'.repeat(64) };
  const ema = { path: 'ema.safetensors', role: 'ema', content: encodeSafetensors(exportTensors(parameters, model.layout)) };
  const { digest } = await publishCheckpoint(store, { ...facts, ...digests }, [ema]);
  await registerModel(store, { model: 'interop', checkpoint: digest }, { actor: 'interop', now: Date.now, newId: () => 'interop' });
  const { directory } = await pullModel({ store, model: 'interop@latest', out: join(out, `model-${index}`) });
  return { name: 'a pulled model', directory, model, process: forward, parameters };
}

function readCheckpoint(directory) {
  const readJson = (path) => JSON.parse(readFileSync(join(directory, path), 'utf8'));
  const model = unet2d(unet2dConfigFromDiffusers(readJson('unet/config.json')));
  const file = decodeSafetensors(readFileSync(join(directory, 'unet/diffusion_pytorch_model.safetensors')));
  const parameters = importTensors(file.tensors, model.layout);
  return { name: `checkpoint ${directory}`, directory, model, process: readJson('scheduler/scheduler_config.json'), parameters };
}

/** Inputs, the network's output for them, and both ends of a DDIM trajectory, as PyTorch lays images out. */
function answersOf(model, forward, parameters, seed) {
  const { config, layout } = model;
  const side = config.sample_size;
  const shape = [batch, side, side, config.in_channels];
  const size = shape.reduce((product, length) => product * length, 1);
  const times = Int32Array.from({ length: batch }, (_, i) => Math.round((i * (forward.num_train_timesteps - 1)) / (batch - 1)));
  const classes = Int32Array.from({ length: batch }, (_, i) => (config.num_class_embeds ?? 1) - 1 - (i % (config.num_class_embeds ?? 1)));
  return tf.tidy(() => {
    const tensors = splitParameters(tf.tensor1d(parameters), layout);
    const labels = config.num_class_embeds === undefined ? undefined : tf.tensor1d(classes, 'int32');
    const apply = (x, t) => model.apply(tensors, x, t, labels);
    const x = tf.tensor4d(normal(seed, 60, size), shape);
    const output = apply(x, tf.tensor1d(times, 'int32'));
    const start = tf.tensor4d(normal(seed, 61, size), shape);
    const process = ddpmProcess(forward);
    const grid = timestepGrid(trajectorySteps, 'leading', { numTrainTimesteps: forward.num_train_timesteps });
    const end = ddim(toDenoiser(apply, process, forward.prediction_type), process, grid, start);
    const image = (name, tensor) => f32(name, tf.transpose(tensor, [0, 3, 1, 2]));
    const inputs = [i32('times', times), ...(labels === undefined ? [] : [i32('labels', classes)])];
    return [...inputs, image('x', x), image('output', output), image('start', start), image('end', end)];
  });
}

function normal(seed, sample, length) {
  return new PhiloxStream({ seed, purpose: 'noise', sample }).fillNormal(new Float32Array(length));
}

function f32(name, tensor) {
  return { name, dtype: 'F32', shape: tensor.shape, data: bytesOf(tensor.dataSync()) };
}

function i32(name, values) {
  return { name, dtype: 'I32', shape: [values.length], data: bytesOf(values) };
}

function bytesOf(values) {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
