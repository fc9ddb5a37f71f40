import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { GroupAverages } from './group-averages.js';
import { residualBlockParameters } from './layer-declarations.js';
import { parameterLayout } from './parameter-layout.js';
import { productsIn } from './products.js';
import { residualBlock, type ResidualBlockOptions } from './residual-block.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';
import { Weights } from './weights.js';

/** One image by its channels: rows of pixels. */
type Image = number[][][];

const [inChannels, embeddingDim, groups, epsilon] = [4, 3, 2, 1e-5];
const x = normalTensor<tf.Rank.R4>([2, 4, 2, inChannels], 111);
const activeEmbedding = normalTensor<tf.Rank.R2>([2, embeddingDim], 112);

/** A block with weights of its own. */
function blockOf(outChannels: number, timeScaleShift: boolean) {
  const layout = parameterLayout(residualBlockParameters('block', { inChannels, outChannels }, { embeddingDim, timeScaleShift, zeroInit: false }));
  const tensors = layout.entries.map(({ shape }, i) => tf.tidy(() => tf.mul(0.5, normalTensor([...shape], 113, i))));
  const run = (input: tf.Tensor, embedding: tf.Tensor, options: ResidualBlockOptions = {}, given: tf.Tensor[] = tensors) =>
    residualBlock(input as tf.Tensor4D, Weights.of(layout, given).in('block'), { activeEmbedding: embedding as tf.Tensor2D, groups, epsilon, timeScaleShift, averages: new GroupAverages(), products: productsIn('fp32') }, options);
  const read = (name: string) => Array.from(tensors[layout.entries.findIndex((entry) => entry.name === `block.${name}`)]!.dataSync());
  return { layout, tensors, run, read, outChannels };
}

const range = (length: number) => Array.from({ length }, (_, i) => i);
const map = (image: Image, f: (value: number, c: number, row: number, column: number) => number): Image => image.map((rows, c) => rows.map((row, i) => row.map((value, j) => f(value, c, i, j))));
const activated = (image: Image) => map(image, (u) => u / (1 + Math.exp(-u)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function normalised(image: Image, scale: number[], offset: number[]): Image {
  const size = image.length / groups;
  return map(image, (value, c) => {
    const group = image.slice(c - (c % size), c - (c % size) + size).flat(2);
    const mean = sum(group) / group.length;
    return ((value - mean) / Math.sqrt(sum(group.map((other) => (other - mean) ** 2)) / group.length + epsilon)) * scale[c]! + offset[c]!;
  });
}

function convolved(image: Image, side: number, filter: number[], bias: number[]): Image {
  const reach = (side - 1) / 2;
  return bias.map((b, o) =>
    image[0]!.map((row, i) =>
      row.map((_, j) => b + sum(range(side).flatMap((di) => range(side).flatMap((dj) => image.map((rows, c) => (rows[i + di - reach]?.[j + dj - reach] ?? 0) * filter[((di * side + dj) * image.length + c) * bias.length + o]!))))),
    ),
  );
}

function resampled(image: Image, resample: ResidualBlockOptions['resample']): Image {
  if (resample === 'up') return image.map((rows) => rows.flatMap((row) => [row, row]).map((row) => row.flatMap((value) => [value, value])));
  if (resample === undefined) return image;
  return image.map((rows) => range(rows.length / 2).map((i) => range(rows[0]!.length / 2).map((j) => (rows[2 * i]![2 * j]! + rows[2 * i]![2 * j + 1]! + rows[2 * i + 1]![2 * j]! + rows[2 * i + 1]![2 * j + 1]!) / 4)));
}

/** diffusers' `ResnetBlock2D` by its definition, in double precision. */
function reference({ read, outChannels }: ReturnType<typeof blockOf>, image: Image, embedding: number[], timeScaleShift: boolean, { resample, outputScale = 1 }: ResidualBlockOptions): Image {
  const first = convolved(resampled(activated(normalised(image, read('norm1.weight'), read('norm1.bias'))), resample), 3, read('conv1.weight'), read('conv1.bias'));
  const features = timeScaleShift ? 2 * outChannels : outChannels;
  const matrix = read('time_emb_proj.weight');
  const time = read('time_emb_proj.bias').map((b, j) => b + sum(embedding.map((value, i) => value * matrix[i * features + j]!)));
  const norm2 = (hidden: Image) => normalised(hidden, read('norm2.weight'), read('norm2.bias'));
  const second = timeScaleShift ? map(norm2(first), (value, c) => value * (1 + time[c]!) + time[outChannels + c]!) : norm2(map(first, (value, c) => value + time[c]!));
  const changed = convolved(activated(second), 3, read('conv2.weight'), read('conv2.bias'));
  const straight = resampled(image, resample);
  const shortcut = outChannels === inChannels ? straight : convolved(straight, 1, read('conv_shortcut.weight'), read('conv_shortcut.bias'));
  return map(changed, (value, c, i, j) => (value + shortcut[c]![i]![j]!) / outputScale);
}

const imagesOf = (tensor: tf.Tensor4D) => (tf.transpose(tensor, [0, 3, 1, 2]) as tf.Tensor4D).arraySync();

const kinds: [string, number, boolean, ResidualBlockOptions][] = [
  ['time added', 4, false, {}],
  ['time added, more channels, halved', 6, false, { resample: 'down' }],
  ['time added, doubled', 4, false, { resample: 'up' }],
  ['time scales and shifts', 4, true, {}],
  ['time scales and shifts, more channels, doubled, divided by 2', 6, true, { resample: 'up', outputScale: 2 }],
  ['time scales and shifts, halved, multiplied by 4', 4, true, { resample: 'down', outputScale: 0.25 }],
];

describe.each(kinds)('residualBlock: %s', (_, outChannels, timeScaleShift, options) => {
  const block = blockOf(outChannels, timeScaleShift);

  it('is the block by its definition', () => {
    const embeddings = activeEmbedding.arraySync();
    const expected = imagesOf(x).map((image, i) => reference(block, image, embeddings[i]!, timeScaleShift, options));
    const before = tf.memory().numTensors;
    const y = tf.tidy(() => block.run(x, activeEmbedding, options));
    expect(tf.memory().numTensors).toBe(before + 1);
    const found = imagesOf(y);
    expect([found[0]!.length, found[0]![0]!.length, found[0]![0]![0]!.length]).toEqual([expected[0]!.length, expected[0]![0]!.length, expected[0]![0]![0]!.length]);
    found.flat(3).forEach((value, i) => expect(Math.abs(value - expected.flat(3)[i]!)).toBeLessThan(1e-4));
  });

  it('has the gradient of finite differences in its input and the embedding, also when differentiated twice', () => {
    const direction = tf.tidy(() => normalTensor(block.run(x, activeEmbedding, options).shape, 114));
    const inX = (v: tf.Tensor) => tf.sum(tf.mul(direction, block.run(v, activeEmbedding, options)));
    const inTime = (v: tf.Tensor) => tf.sum(tf.square(block.run(x, v, options)));
    const twice = (v: tf.Tensor) => tf.sum(tf.square(tf.grad(inX)(v)));
    for (const { backward, central } of [directionalDerivative(inX, x, 115, 0.005), directionalDerivative(inTime, activeEmbedding, 116, 0.01), directionalDerivative(twice, x, 117, 0.005)]) {
      expect(Math.abs(backward - central)).toBeLessThan(1e-2 * Math.abs(central));
    }
  });

  it('has the gradient of finite differences in each parameter', () => {
    block.layout.entries.forEach(({ name }, i) => {
      const loss = (parameter: tf.Tensor) => tf.sum(tf.square(block.run(x, activeEmbedding, options, block.tensors.with(i, parameter))));
      const { backward, central } = directionalDerivative(loss, block.tensors[i]!, 118, 0.01);
      expect({ name, close: Math.abs(backward - central) < 1e-2 * Math.abs(central) + 2e-2 }).toEqual({ name, close: true });
    });
  });
});
