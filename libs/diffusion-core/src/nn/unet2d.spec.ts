import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { parseUNet2DConfig } from '@langevin/contracts';
import { initParameters } from './init-parameters.js';
import { splitParameters } from './split-parameters.js';
import { normalTensor } from './testing/directional-derivative.js';
import { shakenParameters, tinyConfig } from './testing/tiny-unet.js';
import { unet2d } from './unet2d.js';

const model = unet2d(tinyConfig);
const parameters = splitParameters(tf.tensor1d(shakenParameters(model.layout, 61)), model.layout);
const x = normalTensor<tf.Rank.R4>([2, 4, 4, 1], 62);
const t = tf.tensor1d([10, 900]);
const labels = tf.tensor1d([0, 2], 'int32');

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);
}

describe('unet2d', () => {
  it('gives an image of the input’s size and leaves nothing else behind', () => {
    const before = tf.memory().numTensors;
    const y = model.apply(parameters, x, t, labels);
    expect(y.shape).toEqual([2, 4, 4, 1]);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('treats each sample by itself, and its output follows time and label', () => {
    const both = model.apply(parameters, x, t, labels);
    const second = model.apply(parameters, tf.slice(x, [1, 0, 0, 0]), tf.tensor1d([900]), tf.tensor1d([2], 'int32'));
    expect(largestDifference(tf.slice(both, [1, 0, 0, 0]), second)).toBeLessThan(1e-5);
    expect(largestDifference(both, model.apply(parameters, x, tf.tensor1d([11, 900]), labels))).toBeGreaterThan(1e-3);
    expect(largestDifference(both, model.apply(parameters, x, t, tf.tensor1d([1, 2], 'int32')))).toBeGreaterThan(1e-3);
  });

  it('works on images larger than sample_size', () => {
    expect(model.apply(parameters, tf.zeros([2, 6, 8, 1]), t, labels).shape).toEqual([2, 6, 8, 1]);
  });

  it('refuses what does not fit, by name', () => {
    const apply = (image: tf.Tensor4D, time = t, classes: tf.Tensor1D | undefined = labels) => () => model.apply(parameters, image, time, classes);
    expect(apply(tf.zeros([2, 4, 4, 2]))).toThrow('x has 2 channels, in_channels is 1');
    expect(apply(tf.zeros([2, 5, 4, 1]))).toThrow('x is 5×4, both must be divisible by 2');
    expect(apply(x, tf.tensor1d([1]))).toThrow('t has 1 entries, x has 2 images');
    expect(apply(x, t, tf.tensor1d([1], 'int32'))).toThrow('labels has 1 entries, x has 2 images');
    expect(() => model.apply(parameters, x, t)).toThrow('labels are missing: the network has 3 classes');
    expect(() => model.apply(parameters.slice(1), x, t, labels)).toThrow(`got ${parameters.length - 1} parameter tensors`);
    const { num_class_embeds: _, ...unlabelled } = tinyConfig;
    const unconditional = unet2d(parseUNet2DConfig(unlabelled));
    expect(() => unconditional.apply([], x, t, labels)).toThrow('the network is unconditional');
  });
});

describe('the options of unet2d', () => {
  const { num_class_embeds: _, ...unlabelled } = tinyConfig;
  const network = (options: object) => unet2d(parseUNet2DConfig({ ...unlabelled, ...options }));
  const weightsOf = ({ layout }: ReturnType<typeof unet2d>) => splitParameters(tf.tensor1d(shakenParameters(layout, 63)), layout);
  const plain = network({});
  const given = weightsOf(plain);

  it('embed a second time as the first one, with layers of its own', () => {
    const second = network({ class_embed_type: 'timestep' });
    const [named, own] = [second.layout.entries.map(({ name }) => name), weightsOf(second)];
    const noise = tf.tensor1d([3, 700]);
    // Where both have the same layers, the two times may change places.
    const alike = own.map((tensor, i) => (named[i]!.startsWith('class_embedding') ? own[named.indexOf(named[i]!.replace('class', 'time'))]! : tensor));
    expect(largestDifference(second.apply(alike, x, t, noise), second.apply(alike, x, noise, t))).toBeLessThan(1e-5);
    expect(largestDifference(second.apply(own, x, t, noise), second.apply(own, x, noise, t))).toBeGreaterThan(1e-3);
  });

  it('add features as they are to the embedding of time', () => {
    const told = network({ class_embed_type: 'identity' });
    expect(told.layout.entries).toEqual(plain.layout.entries);
    const features = normalTensor<tf.Rank.R2>([2, 16], 64);
    const offset = tf.tensor1d(Array.from({ length: 16 }, (_, i) => i / 7));
    const both = features.add(offset) as tf.Tensor2D;
    // What is added to every image alike may as well be in the bias.
    const biased = given.map((tensor, i) => (plain.layout.entries[i]!.name === 'time_embedding.linear_2.bias' ? tf.add(tensor, offset) : tensor));
    expect(largestDifference(told.apply(given, x, t, both), told.apply(biased, x, t, features))).toBeLessThan(1e-5);
    expect(largestDifference(told.apply(given, x, t, tf.zeros<tf.Rank.R2>([2, 16])), plain.apply(given, x, t))).toBe(0);
  });

  it('take images of 0 … 1', () => {
    const centred = network({ center_input_sample: true });
    expect(largestDifference(centred.apply(given, tf.div(tf.add(x, 1), 2), t), plain.apply(given, x, t))).toBeLessThan(1e-5);
  });

  it('count heads instead of channels', () => {
    const [one, four] = [{ num_attention_heads: 1 }, { num_attention_heads: 4, attention_head_dim: 5 }].map((options) => network(options).apply(given, x, t)) as [tf.Tensor, tf.Tensor];
    expect(largestDifference(one, network({ attention_head_dim: null }).apply(given, x, t))).toBe(0);
    expect(largestDifference(one, network({ attention_head_dim: 8, block_out_channels: [4, 8], down_block_types: ['DownBlock2D', 'AttnDownBlock2D'], num_attention_heads: 1 }).apply(given, x, t))).toBe(0);
    expect(largestDifference(four, network({ attention_head_dim: 2 }).apply(given, x, t))).toBe(0);
    expect(largestDifference(one, four)).toBeGreaterThan(1e-3);
  });

  it('shape the middle', () => {
    const divided = network({ mid_block_scale_factor: 2 }).apply(given, x, t);
    expect(largestDifference(divided, plain.apply(given, x, t))).toBeGreaterThan(1e-3);
    const without = network({ add_attention: false });
    const kept = given.filter((_, i) => !plain.layout.entries[i]!.name.startsWith('mid_block.attentions'));
    // An attention that says nothing is as good as none.
    const silent = given.map((tensor, i) => (/^mid_block.attentions.0.to_out/.test(plain.layout.entries[i]!.name) ? tf.zerosLike(tensor) : tensor));
    expect(largestDifference(without.apply(kept, x, t), plain.apply(silent, x, t))).toBeLessThan(1e-6);
    const groups = network({ attn_norm_num_groups: 8 }).apply(given, x, t);
    expect(largestDifference(groups, plain.apply(given, x, t))).toBeGreaterThan(1e-3);
    expect(largestDifference(network({ attn_norm_num_groups: 2 }).apply(given, x, t), plain.apply(given, x, t))).toBe(0);
  });

  it('halve with zeros behind the image alone', () => {
    const behind = network({ downsample_padding: 0 }).apply(given, x, t);
    expect(largestDifference(behind, plain.apply(given, x, t))).toBeGreaterThan(1e-3);
    expect(largestDifference(network({ downsample_padding: 1 }).apply(given, x, t), plain.apply(given, x, t))).toBe(0);
  });

  it('say nothing at the start where the last layers start at 0', () => {
    const silent = network({ zero_init: true, resnet_time_scale_shift: 'scale_shift' });
    const start = splitParameters(tf.tensor1d(initParameters(silent.layout, 7)), silent.layout);
    expect(tf.max(tf.abs(silent.apply(start, x, t))).dataSync()[0]).toBe(0);
  });

  it('refuse what does not fit them', () => {
    const [second, told] = [network({ class_embed_type: 'timestep' }), network({ class_embed_type: 'identity' })];
    expect(() => second.apply([], x, t)).toThrow('unet2d: labels are missing: class_embed_type is timestep');
    expect(() => second.apply([], x, t, tf.zeros<tf.Rank.R2>([2, 16]))).toThrow('labels have shape [2,16] instead of [2]: class_embed_type is timestep');
    expect(() => told.apply([], x, t, tf.zeros<tf.Rank.R2>([2, 15]))).toThrow('labels have shape [2,15] instead of [2,16]: class_embed_type is identity');
    expect(() => told.apply([], x, t, tf.zeros<tf.Rank.R2>([1, 16]))).toThrow('labels has 1 entries, x has 2 images');
    expect(() => told.apply([], x, t)).toThrow('labels are missing: class_embed_type is identity');
  });
});
