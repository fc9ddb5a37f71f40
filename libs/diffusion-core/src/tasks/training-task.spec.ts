import * as tf from '@tensorflow/tfjs-core';
import '../nn/testing/gradients.js';
import { parseClassifier2DConfig, parseJobSpec, type JobSpec } from '@langevin/contracts';
import { classifier2d } from '../nn/classifier2d.js';
import { initParameters } from '../nn/init-parameters.js';
import { splitParameters } from '../nn/split-parameters.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { trainingTask, type TrainingTask } from './training-task.js';

const encoder = { sample_size: 4, block_out_channels: [4], down_block_types: ['DownBlock2D'], attention_head_dim: 4, norm_num_groups: 2 };
const job = (model: object, training: object = {}, process: object = {}): JobSpec =>
  parseJobSpec({ name: 'any', seed: 5, dataset: { name: 'any' }, model: { ...encoder, ...model }, training: { steps: 1, ...training }, process, checkpoints: { everySteps: 1 } });
const classifier = { type: 'classifier2d', num_classes: 3 };
/** Of two noise levels, so that plain JavaScript gets through. */
const classifierJob = job(classifier, {}, { num_train_timesteps: 2 });
const denoiser = (classes?: number, training?: object) => trainingTask(job({ up_block_types: ['UpBlock2D'], num_class_embeds: classes }, training));

describe('trainingTask', () => {
  it('knows the classes that labels may name, without the null label', () => {
    expect([denoiser(), denoiser(4), trainingTask(classifierJob)].map(({ classes }) => classes)).toEqual([1, 3, 3]);
  });

  it('puts into a batch what each kind of network is told of a label', () => {
    const [labels, uniforms] = [Int32Array.of(0, 1, 2), [0.1, 0.6, 0.9]];
    const told = (task: TrainingTask) => task.batchLabels(labels, uniforms);
    expect(told(denoiser())).toBeUndefined();
    expect(told(denoiser(4, { labelDropout: 0.5 }))).toEqual(Int32Array.of(3, 1, 2));
    expect(told(trainingTask(classifierJob))).toEqual(labels);
  });

  it('measures classifiers only', () => {
    expect([denoiser(4).measure === undefined, trainingTask(classifierJob).measure === undefined]).toEqual([true, false]);
  });
});

describe('the accuracy of a classifier by noise level', () => {
  const task = trainingTask(classifierJob);
  const model = classifier2d(parseClassifier2DConfig(classifierJob.model));
  const count = 60;
  const images = new PhiloxStream({ seed: 2, purpose: 'noise' }).fillNormal(new Float32Array(count * 16));
  /** Start values say much the same of every image: the bias is moved so that no class is said more than the others. */
  const flat = initParameters(task.layout, 9);
  const parameters = () => splitParameters(tf.tensor1d(flat), task.layout);
  /** What the network says of the images as they are at time 0. */
  const logitsAtStart = () => {
    const { alpha, sigma } = ddpmProcess(classifierJob.process);
    const noise = Array.from({ length: count }, (_, i) => [...new PhiloxStream({ seed: 5, purpose: 'heldOutNoise', step: 0, sample: i }).fillNormal(new Float32Array(16))]).flat();
    const noisy = images.map((value, i) => alpha(0) * value + sigma(0) * noise[i]!);
    return tf.tidy(() => model.logits(parameters(), tf.tensor4d(noisy, [count, 4, 4, 1]), tf.zeros([count])).arraySync());
  };
  const said = () => Int32Array.from(logitsAtStart(), (row) => row.indexOf(Math.max(...row)));
  beforeAll(() => {
    const { offset, size } = task.layout.entries.find(({ name }) => name === 'attnpool.c_proj.bias')!;
    const means = logitsAtStart().reduce((sums, row) => sums.map((sum, label) => sum + row[label]! / count), new Array<number>(size).fill(0));
    means.forEach((mean, label) => (flat[offset + label]! -= mean));
  });

  it('counts how often the network is right at each time', () => {
    const labels = said();
    expect(new Set(labels).size).toBeGreaterThan(1);
    expect(task.measure!(parameters(), { images, labels })['accuracy@0']).toBe(1);
    // One in four is told wrong.
    const wrong = labels.map((label, i) => (i % 4 === 0 ? (label + 1) % 3 : label));
    const metrics = task.measure!(parameters(), { images, labels: wrong });
    expect([Object.keys(metrics), metrics['accuracy@0']]).toEqual([['accuracy@0', 'accuracy@1'], 0.75]);
  });

  it('is that of the network in float32, which will guide, whatever it learns in', () => {
    const rounded = trainingTask(job(classifier, { precision: 'bf16' }, { num_train_timesteps: 2 }));
    // What all classes have in common is so large that bfloat16 has no room for what they have not.
    const { offset, size } = task.layout.entries.find(({ name }) => name === 'attnpool.c_proj.weight')!;
    const common = flat.map((value, i) => (i >= offset && i < offset + size ? value + 100 : value));
    const measured = ({ measure }: TrainingTask) => measure!(splitParameters(tf.tensor1d(common), task.layout), { images, labels: said() });
    expect(measured(rounded)).toEqual(measured(task));
  });

  it('looks at ten times of a longer process', () => {
    const metrics = trainingTask(job(classifier)).measure!(parameters(), { images: images.slice(0, 16), labels: new Int32Array(1) });
    expect(Object.keys(metrics)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900].map((t) => `accuracy@${t}`));
  });

  it('gives the same numbers each time, and leaves no tensor behind', () => {
    const held = { images, labels: Int32Array.from({ length: count }, (_, i) => i % 3) };
    const weights = parameters();
    const before = tf.memory().numTensors;
    const first = task.measure!(weights, held);
    expect(task.measure!(weights, held)).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(weights);
  });
});
