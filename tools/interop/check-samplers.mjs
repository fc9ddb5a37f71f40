// node check-samplers.mjs CASES: takes the ways that diffusers' schedulers took, with Langevin's samplers, and compares x after every step. Prints a line a case, then the counts.
import { readFileSync } from 'node:fs';
import * as core from '@langevin/diffusion-core';
import { decodeSafetensors } from '@langevin/diffusion-core/io';
import { loadTensorFlow } from '@langevin/tf-runtime';

/** Of the largest value of each step. */
const tolerance = 1e-3;
const { tf } = await loadTensorFlow();
const { diffusers, cases } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

function tensorsOf(path) {
  const file = decodeSafetensors(readFileSync(path));
  return Object.fromEntries(file.tensors.map(({ name, shape, data }) => [name, { shape, values: new Float32Array(Uint8Array.from(data).buffer) }]));
}

/** The network of write-sampler-cases.py: a function of x and of one time. */
function network(process, type, bias) {
  return (x, t) => {
    const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
    const x0 = tf.mul(2, tf.tanh(tf.add(tf.mul(0.3 + 0.2 * Math.exp(-t / 200), x), bias)));
    const eps = tf.div(tf.sub(x, tf.mul(alpha, x0)), sigma);
    return { epsilon: eps, sample: x0, v_prediction: tf.sub(tf.mul(alpha, eps), tf.mul(sigma, x0)) }[type];
  };
}

/** Reads the network's answer with α and σ of the time itself, as the schedulers do. */
function denoiserOf(process, type, bias, told) {
  const predict = network(process, type, bias);
  return (x, times) =>
    tf.tidy(() => {
      // float32: whole times are exact.
      const t = process.exactTime(times.dataSync()[0]);
      const [alpha, sigma] = [process.alpha(t), process.sigma(t)].map((value) => tf.scalar(value));
      return core.predictionToX0(type, predict(x, told(t)), x, { alpha, sigma });
    });
}

const thresholdOf = (clip) => (clip === null ? (denoiser) => denoiser : clip.static === undefined ? core.dynamicThreshold(clip) : core.staticThreshold(clip.static));

/** Our grid, and the process that it is one of. */
function gridOf({ kind, n, begin, spacing, offset, last, more, endsClean }, config) {
  const tabulated = core.ddpmProcess(config);
  const between = core.interpolatedProcess(tabulated);
  if (kind === 'timesteps' && spacing === 'exactLinspace') {
    const times = Array.from({ length: n }, (_, i) => ((n - 1 - i) * (config.num_train_timesteps - 1)) / (n - 1));
    return { process: between, grid: times.map((t, i) => ({ t, tPrev: times[i + 1] ?? -1 })).slice(begin) };
  }
  if (kind === 'timesteps') {
    const grid = core.timestepGrid(n + more, spacing, { numTrainTimesteps: config.num_train_timesteps, stepsOffset: offset }).slice(0, n);
    const end = grid.length - 1;
    grid[end] = { t: grid[end].t, tPrev: last };
    // A step from time 0 to time 0 is none.
    return { process: tabulated, grid: grid.filter(({ t, tPrev }) => t > tPrev).slice(begin) };
  }
  const ratio = (t) => tabulated.sigma(t) / tabulated.alpha(t);
  const noises = { karras: core.karrasGrid, exponential: core.exponentialGrid }[kind](n, { sigmaMin: ratio(0), sigmaMax: ratio(config.num_train_timesteps - 1), endsClean });
  return { process: between, grid: core.gridOfProcess(between, noises).slice(begin) };
}

/** Why our grid is not theirs, or nothing. */
function gridDifference(grid, process, theirs, sampler) {
  if (sampler === 'pndm' || sampler === 'ddimInversion') return undefined; // Their calls are not steps.
  const wrong = grid.findIndex(({ t }, i) => {
    if (theirs.ratios === null) return t !== theirs.times[i];
    // Where α is 0 each has a large number of its own instead of infinity.
    return process.alpha(t) > 0 && Math.abs(-process.logSnr(t) / 2 - Math.log(theirs.ratios[i])) > 1e-3;
  });
  return wrong < 0 ? undefined : `step ${wrong} begins at ${grid[wrong].t}, theirs at ${theirs.times[wrong]}`;
}

/** Largest difference of each step as a share of its largest value. */
function differences(ours, path, size) {
  // Fewer steps than ours end where ours end.
  const missing = ours.length - path.length / size;
  return ours.slice(Math.max(missing, 0)).map((x, step) => {
    const theirs = path.subarray(step * size, (step + 1) * size);
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return x.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0) / largest;
  });
}

/** A case of `ScoreSdeVeScheduler`, whose time is its noise. */
function noiseSetting({ grid: { n, sigmaMin, sigmaMax } }, bias) {
  const grid = core.exponentialGrid(n, { sigmaMin, sigmaMax });
  const denoiser = (x, t) => tf.tidy(() => tf.mul(2, tf.tanh(tf.add(tf.mul(0.5 / Math.sqrt(1 + t.dataSync()[0] ** 2), x), bias))));
  return { process: core.edmProcess({ sigmaMax }), grid, denoiser };
}

/** Process, grid and denoiser of a case, or why the grid is not theirs. */
function settingOf({ sampler, grid: wanted, process: config, predictionType, theirs }, bias) {
  const { process, grid } = gridOf(wanted, config);
  const off = gridDifference(grid, process, theirs, sampler);
  // The denoiser is told times in float32, which would move times between whole ones.
  const times = grid.flatMap(({ t, tPrev }) => [t, tPrev]);
  const known = { ...process, exactTime: (t) => times.find((time) => Math.abs(time - t) < 1e-4) ?? t };
  const told = wanted.told === 'theirs' ? (t) => theirs.times[grid.findIndex((step) => step.t === t)] : (t) => t;
  return { process, grid, denoiser: denoiserOf(known, predictionType, bias, told), off };
}

function check(one) {
  const { start, path, noise, bias } = tensorsOf(one.file);
  const size = start.values.length;
  const shift = tf.tensor(bias.values, bias.shape);
  const { process, grid, denoiser, off } = one.grid.kind === 've' ? noiseSetting(one, shift) : settingOf(one, shift);
  if (off !== undefined) return { most: Number.POSITIVE_INFINITY, detail: off };
  const run = (threshold) =>
    tf.tidy(() => {
      const options = { ...one.given, noise: (step) => tf.tensor(noise.values.slice(step * size, (step + 1) * size), start.shape) };
      return Array.from(core[one.sampler].steps(threshold(denoiser), process, grid, tf.tensor(start.values, start.shape), options), (x) => x.dataSync().slice());
    });
  const ours = run(thresholdOf(one.clip));
  const each = differences(ours, path.values, size);
  const most = largestOf(each);
  if (one.clip !== null && largestOf(differences(run((plain) => plain), path.values, size)) <= tolerance) return { most: Number.POSITIVE_INFINITY, detail: 'the threshold changes nothing' };
  return { most, detail: `${ours.length} steps, largest difference ${most.toExponential(1)} of the step's largest value, in step ${each.indexOf(most)}` };
}

/** NaN where there is one. */
const largestOf = (values) => values.reduce((largest, value) => (value > largest || Number.isNaN(value) ? value : largest), 0);

const counts = { agree: 0, explained: 0, failed: 0 };
for (const one of cases) {
  const { most, detail } = check(one);
  const right = (one.expect === 'agrees') === most <= tolerance; // NaN differs.
  counts[right ? (one.expect === 'agrees' ? 'agree' : 'explained') : 'failed'] += 1;
  console.log(`${right ? (one.expect === 'agrees' ? 'ok  ' : 'diff') : 'FAIL'} ${one.name}: ${detail}${one.reason === null ? '' : `; ${one.reason}`}`);
}
console.log(`Samplers of diffusers ${diffusers}: ${counts.agree} agree within ${tolerance}, ${counts.explained} differ for a reason that another case removes.`);
console.log(`${counts.agree + counts.explained} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || cases.length === 0 ? 1 : 0;
