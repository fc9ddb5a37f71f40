import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { GroupAverages } from './group-averages.js';
import { parameterLayout, type ParameterDeclaration } from './parameter-layout.js';
import { productsIn } from './products.js';
import { selfAttention } from './self-attention.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';
import { Weights } from './weights.js';

const channels = 4;
const headDim = 2;
const names = ['to_q', 'to_k', 'to_v', 'to_out.0'];
const declarations: ParameterDeclaration[] = [
  { name: 'group_norm.weight', kind: 'scale', shape: [channels], fanIn: 1 },
  { name: 'group_norm.bias', kind: 'offset', shape: [channels], fanIn: 1 },
  ...names.flatMap((name): ParameterDeclaration[] => [
    { name: `${name}.weight`, kind: 'matrix', shape: [channels, channels], fanIn: channels },
    { name: `${name}.bias`, kind: 'bias', shape: [channels], fanIn: channels },
  ]),
];
const layout = parameterLayout(declarations);
const tensors = layout.entries.map((entry, i) => normalTensor([...entry.shape], 51, i));
const weights = Weights.of(layout, tensors);
const x = normalTensor<tf.Rank.R4>([1, 2, 3, channels], 52);
const options = { headDim, groups: 2, epsilon: 1e-5 };
const attend = (input: tf.Tensor) => selfAttention(input as tf.Tensor4D, weights, options, { averages: new GroupAverages(), products: productsIn('fp32') });

/** softmax(QKᵀ/√d)V of each head, pixel by pixel in double precision, from groups normalised by definition. */
function reference(image: number[][], isNormalised = true): number[][] {
  const read = (name: string) => Array.from(tensors[layout.entries.findIndex((entry) => entry.name === name)]!.dataSync());
  const scale = read('group_norm.weight');
  const offset = read('group_norm.bias');
  const normal = image.map((pixel) =>
    pixel.map((value, c) => {
      const group = image.flatMap((p) => p.slice(c - (c % 2), c - (c % 2) + 2));
      const mean = group.reduce((a, b) => a + b) / group.length;
      const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / group.length;
      return ((value - mean) / Math.sqrt(variance + options.epsilon)) * scale[c]! + offset[c]!;
    }),
  );
  const project = (rows: number[][], name: string) => {
    const matrix = read(`${name}.weight`);
    const bias = read(`${name}.bias`);
    return rows.map((row) => bias.map((b, j) => row.reduce((sum, value, i) => sum + value * matrix[i * channels + j]!, b)));
  };
  const [q, k, v] = ['to_q', 'to_k', 'to_v'].map((name) => project(isNormalised ? normal : image, name)) as [number[][], number[][], number[][]];
  const mixed = q.map((query) =>
    query.map((_, c) => {
      const first = c - (c % headDim);
      const logits = k.map((key) => (query[first]! * key[first]! + query[first + 1]! * key[first + 1]!) / Math.sqrt(headDim));
      const exponentials = logits.map(Math.exp);
      const total = exponentials.reduce((a, b) => a + b);
      return v.reduce((sum, value, i) => sum + (exponentials[i]! / total) * value[c]!, 0);
    }),
  );
  return project(mixed, 'to_out.0').map((row, p) => row.map((value, c) => value + image[p]![c]!));
}

describe('selfAttention', () => {
  it('is multi-head attention as it is defined, added to its input', () => {
    const values = Array.from(x.dataSync());
    const image = Array.from({ length: 6 }, (_, p) => values.slice(p * channels, (p + 1) * channels));
    const expected = reference(image).flat();
    Array.from(attend(x).dataSync()).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-5));
  });

  it('leaves out the normalisation that has no weights, and divides the sum where that is asked for', () => {
    const bare = parameterLayout(declarations.slice(2));
    const y = selfAttention(x, Weights.of(bare, tensors.slice(2)), { ...options, outputScale: 4 }, { averages: new GroupAverages(), products: productsIn('fp32') });
    const values = Array.from(x.dataSync());
    const image = Array.from({ length: 6 }, (_, p) => values.slice(p * channels, (p + 1) * channels));
    const expected = reference(image, false).flat();
    y.dataSync().forEach((value, i) => expect(Math.abs(4 * value - expected[i]!)).toBeLessThan(4e-5));
  });

  it('agrees with finite differences, also when differentiated twice', () => {
    const direction = normalTensor<tf.Rank.R4>([1, 2, 3, channels], 53);
    const once = (v: tf.Tensor) => tf.sum(tf.mul(direction, attend(v)));
    const twice = (v: tf.Tensor) => tf.sum(tf.square(tf.grad(once)(v)));
    for (const f of [once, twice]) {
      const { backward, central } = directionalDerivative(f, x, 54, 0.005);
      expect(Math.abs(backward - central)).toBeLessThan(5e-3 * Math.max(1, Math.abs(central)));
      expect(Math.abs(central)).toBeGreaterThan(0.05);
    }
  });
});
