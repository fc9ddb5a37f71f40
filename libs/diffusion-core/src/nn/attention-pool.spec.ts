import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { attentionPool } from './attention-pool.js';
import { linearParameters } from './layer-declarations.js';
import { parameterLayout } from './parameter-layout.js';
import { productsIn } from './products.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';
import { Weights } from './weights.js';

const [channels, headDim, classes, tokens] = [4, 2, 3, 7];
const layout = parameterLayout([
  { name: 'positional_embedding', kind: 'position', shape: [tokens, channels], fanIn: channels },
  ...['q_proj', 'k_proj', 'v_proj'].flatMap((name) => linearParameters(name, channels, channels)),
  ...linearParameters('c_proj', channels, classes),
]);
const tensors = layout.entries.map((entry, i) => normalTensor([...entry.shape], 31, i));
const weights = Weights.of(layout, tensors);
const x = normalTensor<tf.Rank.R4>([2, 2, 3, channels], 32);
const pool = (input: tf.Tensor) => attentionPool(input as tf.Tensor4D, weights, headDim, productsIn('fp32'));

const read = (name: string) => Array.from(tensors[layout.entries.findIndex((entry) => entry.name === name)]!.dataSync());
const rowsOf = (values: readonly number[], width: number) => Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
const project = (row: readonly number[], name: string) => {
  const [matrix, bias] = [read(`${name}.weight`), read(`${name}.bias`)];
  return bias.map((b, j) => row.reduce((sum, value, i) => sum + value * matrix[i * bias.length + j]!, b));
};

/** CLIP's AttentionPool2d by its definition, in double precision: full self-attention over all tokens, of which the first row is taken. */
function reference(pixels: number[][]): number[] {
  const mean = pixels[0]!.map((_, c) => pixels.reduce((sum, pixel) => sum + pixel[c]!, 0) / pixels.length);
  const positions = rowsOf(read('positional_embedding'), channels);
  const all = [mean, ...pixels].map((token, i) => token.map((value, c) => value + positions[i]![c]!));
  const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) => all.map((token) => project(token, name))) as [number[][], number[][], number[][]];
  const mixed = q.map((query) =>
    query.map((_, c) => {
      const first = c - (c % headDim);
      const logits = k.map((key) => (query[first]! * key[first]! + query[first + 1]! * key[first + 1]!) / Math.sqrt(headDim));
      const powers = logits.map(Math.exp);
      const total = powers.reduce((sum, value) => sum + value, 0);
      return v.reduce((sum, value, i) => sum + (powers[i]! / total) * value[c]!, 0);
    }),
  );
  return project(mixed[0]!, 'c_proj');
}

describe('attentionPool', () => {
  it('is the first row of self-attention over the mean and all pixels', () => {
    const expected = rowsOf(Array.from(x.dataSync()), 6 * channels).flatMap((image) => reference(rowsOf(image, channels)));
    const before = tf.memory().numTensors;
    const pooled = tf.tidy(() => pool(x));
    expect(pooled.shape).toEqual([2, classes]);
    expect(tf.memory().numTensors).toBe(before + 1);
    pooled.dataSync().forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-5));
  });

  it('has the gradient of finite differences in its input', () => {
    const { backward, central } = directionalDerivative((at) => tf.sum(tf.square(pool(at))), x, 33);
    expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });

  it.each(layout.entries.map((entry, i) => [entry.name, i] as const))('has the gradient of finite differences in %s', (name, index) => {
    const loss = (parameter: tf.Tensor) => tf.sum(tf.square(attentionPool(x, Weights.of(layout, tensors.with(index, parameter)), headDim, productsIn('fp32'))));
    const { backward, central } = directionalDerivative(loss, tensors[index]!, 34);
    // A bias of all keys alike changes no attention: its gradient is zero.
    if (name === 'k_proj.bias') expect(Math.abs(backward)).toBeLessThan(1e-3);
    else expect(Math.abs(backward / central - 1)).toBeLessThan(4e-3);
  });
});
