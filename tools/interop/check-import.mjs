// node check-import.mjs CASES: imports the directories that diffusers wrote and compares with its answers. Prints one line a check, the largest
// differences, and the count last.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffusionModel, importDiffusers } from '@langevin/client';
import { ddim, splitParameters, timestepGrid, unet2d } from '@langevin/diffusion-core';
import { decodeSafetensors, importTensors, todaysNames, unet2dConfigFromDiffusers } from '@langevin/diffusion-core/io';
import { loadTensorFlow } from '@langevin/tf-runtime';

const limits = { output: 1e-4, trajectory: 1e-3 };
const largest = { output: 0, trajectory: 0 };
let [passed, failed] = [0, 0];
const { cases, unsupported } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { tf, backend } = await loadTensorFlow();
console.log(`Langevin computes on ${backend}.`);

function check(what, ok, detail) {
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${detail}`);
}

function compare(what, kind, ours, theirs) {
  const difference = tf.max(tf.abs(tf.sub(ours, theirs))).dataSync()[0];
  const scale = tf.max(tf.abs(theirs)).dataSync()[0];
  largest[kind] = Math.max(largest[kind], difference);
  check(what, difference <= limits[kind], `largest difference ${difference.toExponential(2)} (limit ${limits[kind].toExponential(0)}, largest value ${scale.toFixed(2)})`);
}

/** The tensors of a file by name; images as TensorFlow lays them out. */
function readTensors(path) {
  const entries = decodeSafetensors(readFileSync(path)).tensors.map(({ name, dtype, shape, data }) => {
    const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    const values = tf.tensor(dtype === 'I32' ? new Int32Array(bytes) : new Float32Array(bytes), shape, dtype === 'I32' ? 'int32' : 'float32');
    return [name, shape.length === 4 ? tf.transpose(values, [0, 2, 3, 1]) : values];
  });
  return Object.fromEntries(entries);
}

/** What the network says, its second half included if it learns a variance. */
function networkOutput(directory, { x, times, labels }) {
  const unet = existsSync(join(directory, 'unet')) ? join(directory, 'unet') : directory;
  const model = unet2d(unet2dConfigFromDiffusers(JSON.parse(readFileSync(join(unet, 'config.json'), 'utf8'))));
  const { tensors } = decodeSafetensors(readFileSync(join(unet, 'diffusion_pytorch_model.safetensors')));
  const parameters = importTensors(todaysNames(tensors), model.layout);
  return tf.tidy(() => model.apply(splitParameters(tf.tensor1d(parameters), model.layout), x, times, labels));
}

async function checkTrajectory(name, directory, steps, { start, end, labels }) {
  const model = diffusionModel(await importDiffusers(directory));
  const denoiser = model.denoiser(labels ? { labels: [...labels.dataSync()] } : {});
  const grid = timestepGrid(steps, 'leading', { numTrainTimesteps: model.process.numTrainTimesteps });
  compare(`${name}: DDIM, ${steps} steps`, 'trajectory', ddim(denoiser.denoise, model.process, grid, start), end);
  denoiser[Symbol.dispose]();
  model.dispose();
}

for (const { name, directory, answers, steps, isTold } of cases) {
  const given = readTensors(answers);
  compare(`${name}: output`, 'output', networkOutput(directory, given), given.output);
  if (isTold) {
    const message = await importDiffusers(directory).then(() => 'it was imported', ({ message: text }) => text);
    check(`${name}: refused for samples`, message.includes('class_embed_type'), message);
  } else {
    await checkTrajectory(name, directory, steps, given);
  }
}
for (const { directory, message: expected } of unsupported) {
  const message = await importDiffusers(directory).then(() => 'it was imported', ({ message: text }) => text);
  check(`names ${expected}`, message.includes(expected), message);
}
console.log(`Largest differences: outputs ${largest.output.toExponential(2)}, DDIM trajectories ${largest.trajectory.toExponential(2)}.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
