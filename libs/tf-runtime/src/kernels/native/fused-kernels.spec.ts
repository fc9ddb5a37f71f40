import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels } from '@langevin/contracts';
import { adamUpdate, averagedAdamUpdate, emaStep, PhiloxStream } from '@langevin/diffusion-core';
import { compile } from '../../compile/compile.js';
import { isRuntimeComplete, runtimeDirectory } from '../../install/runtime-cache.js';
import { loadTensorFlow } from '../../load/load-tensorflow.js';

// A machine without a C++ compiler has no native TensorFlow; `npm test` builds it wherever it can.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], sample: number, scale = 1): tf.Tensor<R> {
  const values = new PhiloxStream({ seed: 7, purpose: 'noise', sample }).fillNormal(new Float32Array(tf.util.sizeFromShape(shape)));
  return tf.mul(tf.tensor<R>(values, shape), scale);
}

const largest = (a: tf.Tensor, b: tf.Tensor) => Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]);

/** The largest difference, as a part of the largest value. */
function relative(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return largest(a, b) / Number(tf.max(tf.abs(b)).dataSync()[0]);
}

/** Group normalisation as Wu & He define it, in tfjs's own operations. */
function reference(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, { groups, epsilon, activate }: { groups: number; epsilon: number; activate: boolean }): tf.Tensor {
  const [b, h, w, c] = x.shape as [number, number, number, number];
  const grouped = tf.reshape(x, [b, h * w, groups, c / groups]);
  const centered = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
  const variance = tf.mean(tf.square(centered), [1, 3], true);
  const u = tf.add(tf.mul(tf.reshape(tf.div(centered, tf.sqrt(tf.add(variance, epsilon))), x.shape), scale), offset);
  return activate ? tf.mul(u, tf.sigmoid(u)) : u;
}

native('the fused kernels of native TensorFlow', () => {
  beforeAll(async () => void (await loadTensorFlow({ backend: 'tensorflow-cpu' })));

  // Channels that are no multiple of the eight lanes, one pixel, more pixels than a block of sums.
  const shapes: [number, number, number, number, number][] = [[3, 5, 4, 24, 8], [1, 1, 1, 6, 3], [2, 9, 9, 20, 5], [2, 16, 16, 64, 32]];

  it.each(shapes)('group normalisation of [%i, %i, %i, %i] in %i groups has the values and gradients of the formula', (b, h, w, c, groups) => {
    const x = normal<tf.Rank.R4>([b, h, w, c], 1, 3);
    const [scale, offset] = [normal<tf.Rank.R1>([c], 2), normal<tf.Rank.R1>([c], 3)];
    const dy = normal<tf.Rank.R4>([b, h, w, c], 4);
    for (const activate of [true, false]) {
      for (const shift of [undefined, normal<tf.Rank.R4>([b, 1, 1, c], 5, 2)]) {
        const attributes = { groups, epsilon: 1e-3, activate };
        const inputs = { x, scale, offset, shift: shift ?? tf.scalar(0) };
        const [y, mean, inverseDeviation] = tf.engine().runKernel<tf.Tensor[]>(fusedKernels.groupNorm, inputs, attributes);
        const objective = (a: tf.Tensor, s: tf.Tensor, o: tf.Tensor, d: tf.Tensor) => tf.sum(tf.mul(dy, reference(tf.add(a, d), s, o, attributes)));
        const shifted = shift ?? tf.zeros([b, 1, 1, c]);
        expect(largest(y!, reference(tf.add(x, shifted), scale, offset, attributes))).toBeLessThan(2e-5);
        const ours = tf.engine().runKernel<tf.Tensor[]>(fusedKernels.groupNormGrad, { dy, ...inputs, mean: mean!, inverseDeviation: inverseDeviation! }, attributes);
        const expected = tf.grads((...args) => objective(...(args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor])))([x, scale, offset, shifted]);
        const count = shift ? 4 : 3;
        for (let i = 0; i < count; i += 1) {
          expect(ours[i]!.shape).toEqual(expected[i]!.shape);
          expect(largest(ours[i]!, expected[i]!) / (1 + Number(tf.max(tf.abs(expected[i]!)).dataSync()[0]))).toBeLessThan(2e-5);
        }
      }
    }
  });

  it('group normalisation keeps its precision far from zero, where E[x²] − E[x]² in float32 would lose it', () => {
    const values = new PhiloxStream({ seed: 7, purpose: 'noise', sample: 6 }).fillNormal(new Float32Array(256 * 8));
    const around = (center: number) => {
      const x = tf.tensor(values.map((value) => Math.fround(value + center)), [1, 16, 16, 8]);
      const layer = { x, scale: tf.ones([8]), offset: tf.zeros([8]), shift: tf.scalar(0) };
      return tf.engine().runKernel<tf.Tensor[]>(fusedKernels.groupNorm, layer, { groups: 2, epsilon: 1e-5, activate: false })[0]!;
    };
    expect(largest(around(100), around(0))).toBeLessThan(1e-3);
  });

  it('group normalisation passes NaN on and refuses shapes that do not fit', () => {
    const run = (x: tf.Tensor, channels: number) =>
      tf.engine().runKernel<tf.Tensor[]>(fusedKernels.groupNorm, { x, scale: tf.ones([channels]), offset: tf.zeros([channels]), shift: tf.scalar(0) }, { groups: 2, epsilon: 1e-5, activate: true });
    expect(run(tf.fill([1, 2, 2, 4], NaN), 4)[0]!.dataSync()).toEqual(new Float32Array(16).fill(NaN));
    expect(() => run(tf.zeros([1, 2, 2, 4]), 3)).toThrow('does not fit');
  });

  it("SiLU's tails are its limits: 0 and x", () => {
    const x = tf.tensor([-1000, -90, -88, -50, 50, 88, 90, 1000], [1, 8, 1, 1]);
    // The layer maps x to itself where its mean is 0 and its variance, with ε, is 1: so it is scaled back.
    const variance = Number(tf.mean(tf.square(x)).dataSync()[0]);
    const inputs = { x, scale: tf.fill([1], Math.sqrt(variance + 1e-5)), offset: tf.zeros([1]), shift: tf.scalar(0) };
    const y = tf.engine().runKernel<tf.Tensor[]>(fusedKernels.groupNorm, inputs, { groups: 1, epsilon: 1e-5, activate: true })[0]!;
    const expected = [0, 0, 0, 0, 50, 88, 90, 1000];
    y.dataSync().forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-3));
  });

  it.each([0, 0.01])('one pass of Adam and the average gives the bits of the operations one by one (weight decay %s)', (weightDecay) => {
    const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay };
    const size = 100_003;
    const vector = (sample: number) => normal<tf.Rank.R1>([size], sample);
    const vectors = { params: vector(1), m: vector(2), v: tf.square<tf.Tensor1D>(vector(3)), ema: vector(4) };
    const scalars = { stepSize: Math.fround(0.0123), rootCorrection: Math.fround(1.7), shrink: Math.fround(1 - 0.0123 * weightDecay), decay: Math.fround(0.98) };
    const ours = averagedAdamUpdate(vectors, vector(5), scalars, options);
    const next = adamUpdate(vectors, vector(5), scalars, options);
    const expected = { ...next, ema: emaStep(vectors.ema, next.params, scalars.decay) };
    for (const key of ['params', 'm', 'v', 'ema'] as const) expect([key, Buffer.compare(bytes(ours[key]), bytes(expected[key]))]).toEqual([key, 0]);
  });

  // Sides that are no multiple of the tile, a single tile, many channels; with bias and without.
  const convolutions: [number, number, number, number, number, boolean][] = [[2, 9, 7, 8, 24, true], [1, 3, 3, 16, 8, false], [3, 28, 28, 24, 48, true], [1, 16, 16, 64, 40, false]];

  it.each(convolutions)('3×3 convolution of [%i, %i, %i, %i] to %i channels has the values and gradients of the direct one', (b, h, w, c, o, hasBias) => {
    const x = normal<tf.Rank.R4>([b, h, w, c], 11);
    const filter = normal<tf.Rank.R4>([3, 3, c, o], 12, 1 / Math.sqrt(9 * c));
    const bias = hasBias ? normal<tf.Rank.R1>([o], 13) : tf.scalar(0);
    for (const doubled of [false, true]) {
      const direct = (a: tf.Tensor4D, f: tf.Tensor4D) => tf.conv2d(doubled ? tf.image.resizeNearestNeighbor(a, [2 * h, 2 * w]) : a, f, 1, 'same');
      const run = (name: string, inputs: tf.NamedTensorMap) => tf.engine().runKernel<tf.Tensor[]>(name, inputs, { doubled, rounded: false })[0]!;
      const y = run(fusedKernels.conv2d, { x, filter, bias });
      expect(relative(y, tf.add(direct(x, filter), bias))).toBeLessThan(1e-5);
      const dy = normal<tf.Rank.R4>(y.shape as [number, number, number, number], 14);
      const [dx, dFilter] = tf.grads((a, f) => tf.sum(tf.mul(dy, direct(a as tf.Tensor4D, f as tf.Tensor4D))))([x, filter]);
      expect(relative(run(fusedKernels.conv2dInputGrad, { dy, filter }), dx!)).toBeLessThan(1e-5);
      expect(relative(run(fusedKernels.conv2dFilterGrad, { x, dy }), dFilter!)).toBeLessThan(3e-5);
    }
  });

  it('3×3 convolution refuses shapes that do not fit', () => {
    const run = (filter: tf.Tensor) => tf.engine().runKernel<tf.Tensor[]>(fusedKernels.conv2d, { x: tf.zeros([1, 4, 4, 8]), filter, bias: tf.scalar(0) }, { doubled: false, rounded: false });
    expect(() => run(tf.zeros([3, 3, 16, 8]))).toThrow('does not fit');
    expect(() => run(tf.zeros([3, 3, 8, 12]))).toThrow('does not fit');
    expect(() => run(tf.zeros([5, 5, 8, 8]))).toThrow('does not fit');
  });

  it('compile', () => {
    using program = compile(
      {
        norm: ({ x }) => {
          const inputs = { x, scale: tf.ones([4]), offset: tf.zeros([4]), shift: tf.scalar(0) };
          const [y] = tf.engine().runKernel<tf.Tensor[]>(fusedKernels.groupNorm, inputs, { groups: 2, epsilon: 1e-5, activate: true });
          return { results: { y: y! } };
        },
      },
      { state: {}, inputs: { norm: { x: { shape: [2, 3, 3, 4] } } } },
    );
    const x = normal<tf.Rank.R4>([2, 3, 3, 4], 9);
    const { y } = program.run.norm({ x });
    const expected = reference(x, tf.ones([4]), tf.zeros([4]), { groups: 2, epsilon: 1e-5, activate: true });
    expect(largest(y, expected)).toBeLessThan(1e-5);
    expect(program.nodeCounts('norm')['LangevinGroupNorm']).toBe(1);
  });
});

function bytes(tensor: tf.Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensor.dataSync<'float32'>();
  return new Uint8Array(buffer, byteOffset, byteLength);
}
