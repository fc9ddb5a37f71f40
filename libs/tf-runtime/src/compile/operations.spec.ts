import * as tf from '@tensorflow/tfjs-core';
import { isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { loadTensorFlow } from '../load/load-tensorflow.js';
import { compile } from './compile.js';

// A machine without a C++ compiler has no native TensorFlow; `npm test` builds it wherever it can.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const specs = {
  image: { shape: [2, 6, 6, 4] },
  a: { shape: [3, 4] },
  b: { shape: [3, 4] },
  square: { shape: [4, 4] },
  filter: { shape: [3, 3, 4, 5] },
  depthFilter: { shape: [3, 3, 4, 2] },
  row: { shape: [4] },
  labels: { shape: [3], dtype: 'int32' },
} as const;
type Inputs = { readonly image: tf.Tensor4D; readonly a: tf.Tensor2D; readonly b: tf.Tensor2D; readonly square: tf.Tensor2D; readonly filter: tf.Tensor4D; readonly depthFilter: tf.Tensor4D; readonly row: tf.Tensor1D; readonly labels: tf.Tensor1D };

/** Positive, below 1, all different: within the domain of every function below. */
const feeds = Object.fromEntries(
  Object.entries(specs).map(([name, { shape }], index) => {
    const size = tf.util.sizeFromShape([...shape]);
    return [name, name === 'labels' ? Int32Array.of(2, 0, 3) : Float32Array.from({ length: size }, (_, i) => ((i * 37 + index * 11) % 101) / 103 + 0.01)];
  }),
) as { readonly [K in keyof typeof specs]: Float32Array | Int32Array }; // The keys are those of `specs`.

const unary = ['abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu', 'erf', 'exp', 'expm1', 'floor', 'isFinite', 'log', 'log1p', 'logicalNot', 'neg', 'onesLike', 'reciprocal', 'relu', 'relu6', 'round', 'rsqrt', 'selu', 'sigmoid', 'sign', 'sin', 'sinh', 'softmax', 'softplus', 'sqrt', 'square', 'tan', 'tanh', 'zerosLike'] as const;
const binary = ['add', 'atan2', 'div', 'divNoNan', 'equal', 'floorDiv', 'greater', 'greaterEqual', 'less', 'lessEqual', 'maximum', 'minimum', 'mod', 'mul', 'notEqual', 'pow', 'squaredDifference', 'sub'] as const;
const reductions = ['argMax', 'argMin', 'cumsum', 'cumprod', 'logSumExp', 'max', 'mean', 'min', 'prod', 'sum'] as const;

const operations: Readonly<Record<string, (inputs: Inputs) => tf.Tensor>> = {
  ...Object.fromEntries(unary.map((name) => [name, ({ a }: Inputs) => (name === 'logicalNot' ? tf.logicalNot(tf.greater(a, 0.5)) : name === 'acosh' ? tf.acosh(tf.add(a, 1)) : tf[name](a))])),
  ...Object.fromEntries(binary.map((name) => [name, ({ a, b }: Inputs) => tf[name](a, b)])),
  ...Object.fromEntries(binary.map((name) => [`${name} of a row`, ({ a, row }: Inputs) => tf[name](a, row)])),
  ...Object.fromEntries(reductions.map((name) => [name, ({ a }: Inputs) => tf[name](a, 1)])),
  all: ({ a }) => tf.all(tf.greater(a, 0.2), 0),
  any: ({ a }) => tf.any(tf.greater(a, 0.8), 0),
  and: ({ a, b }) => tf.logicalAnd(tf.greater(a, 0.5), tf.greater(b, 0.5)),
  or: ({ a, b }) => tf.logicalOr(tf.greater(a, 0.5), tf.greater(b, 0.5)),
  avgPool: ({ image }) => tf.avgPool(image, 2, 2, 'valid'),
  maxPool: ({ image }) => tf.maxPool(image, 3, 2, 'same'),
  batchNorm: ({ image, row }) => tf.batchNorm(image, row, tf.add(row, 1), row, row),
  broadcastTo: ({ row }) => tf.broadcastTo(row, [3, 4]),
  cast: ({ a }) => tf.cast(tf.mul(a, 10), 'int32'),
  clip: ({ a }) => tf.clipByValue(a, 0.2, 0.7),
  concat: ({ a, b }) => tf.concat([a, b, a], 1),
  conv2d: ({ image, filter }) => tf.conv2d(image, filter, 2, 'same'),
  'conv2d, explicit padding': ({ image, filter }) => tf.conv2d(image, filter, 1, [[0, 0], [1, 1], [1, 1], [0, 0]]),
  'conv2d, dilated': ({ image, filter }) => tf.conv2d(image, filter, 1, 'same', 'NHWC', 2),
  depthwise: ({ image, depthFilter }) => tf.depthwiseConv2d(image, depthFilter, 1, 'same'),
  'fused conv2d': ({ image, filter }) => tf.fused.conv2d({ x: image, filter, strides: 1, pad: 'same', activation: 'relu', bias: tf.ones([5]) }),
  'fused matMul': ({ a, square, row }) => tf.fused.matMul({ a, b: square, bias: row, activation: 'sigmoid' }),
  depthToSpace: ({ image }) => tf.depthToSpace(image, 2),
  einsum: ({ a, b }) => tf.einsum('ij,kj->ik', a, b),
  expandDims: ({ a }) => tf.expandDims(a, 1),
  eye: ({ square }) => tf.mul(square, tf.eye(4)),
  fill: ({ a }) => tf.add(a, tf.fill([3, 4], 2)),
  gather: ({ a, labels }) => tf.gather(a, labels, 1),
  gatherND: ({ a, labels }) => tf.gatherND(tf.transpose(a), tf.reshape(labels, [3, 1])),
  'leaky relu': ({ a }) => tf.leakyRelu(tf.sub(a, 0.5), 0.1),
  linspace: ({ row }) => tf.mul(row, tf.linspace(0, 1, 4)),
  localResponse: ({ image }) => tf.localResponseNormalization(image),
  matMul: ({ a, b }) => tf.matMul(a, b, false, true),
  mirrorPad: ({ a }) => tf.mirrorPad(a, [[1, 1], [1, 1]], 'reflect'),
  oneHot: ({ labels }) => tf.oneHot(labels, 4),
  pad: ({ a }) => tf.pad(a, [[1, 0], [0, 2]], 3),
  prelu: ({ a, row }) => tf.prelu(tf.sub(a, 0.5), row),
  range: ({ row }) => tf.mul(row, tf.range(0, 4)),
  reshape: ({ image }) => tf.reshape(image, [2, -1]),
  'resize bilinear': ({ image }) => tf.image.resizeBilinear(image, [9, 9]),
  'resize nearest': ({ image }) => tf.image.resizeNearestNeighbor(image, [12, 12]),
  reverse: ({ a }) => tf.reverse(a, 1),
  scatterND: ({ row, labels }) => tf.scatterND(tf.reshape(labels, [3, 1]), tf.slice(row, 0, 3), [6]),
  slice: ({ a }) => tf.slice(a, [1, 1], [2, 2]),
  spaceToBatch: ({ image }) => tf.spaceToBatchND(image, [2, 2], [[0, 0], [0, 0]]),
  split: ({ a }) => tf.add(...(tf.split(a, [1, 3], 1).map((piece) => tf.sum(piece)) as [tf.Tensor, tf.Tensor])),
  squeeze: ({ a }) => tf.squeeze(tf.reshape(a, [3, 1, 4])),
  stack: ({ a, b }) => tf.stack([a, b], 1),
  stridedSlice: ({ a }) => tf.stridedSlice(a, [0, 0], [3, 4], [2, 2]),
  tile: ({ a }) => tf.tile(a, [2, 3]),
  topk: ({ a }) => tf.topk(a, 2).values,
  transpose: ({ image }) => tf.transpose(image, [0, 3, 1, 2]),
  unsortedSegmentSum: ({ a, labels }) => tf.unsortedSegmentSum(a, labels, 5),
  unstack: ({ a }) => tf.unstack(a, 1)[2]!,
  where: ({ a, b }) => tf.where(tf.greater(a, b), a, b),
};

/** Scalars whose gradients go through the backward kernels. */
const losses: Readonly<Record<string, (inputs: Inputs) => tf.Scalar>> = Object.fromEntries(
  ['avgPool', 'maxPool', 'batchNorm', 'concat', 'conv2d', 'depthwise', 'gather', 'localResponse', 'matMul', 'mirrorPad', 'pad', 'resize bilinear', 'resize nearest', 'slice', 'softmax', 'stack', 'tile', 'transpose', 'prelu', 'selu', 'cumsum', 'max', 'prod', 'pow'].map(
    (name) => [name, (inputs: Inputs) => tf.sum<tf.Scalar>(tf.square(operations[name]!(inputs)))],
  ),
);

/** The entry, compiled and not. */
function both(entry: (inputs: Inputs) => tf.Tensor): number[][] {
  return (['auto', 'eager'] as const).map((mode) => {
    using program = compile({ entry: (inputs) => ({ results: { y: entry(inputs) } }) }, { state: {}, inputs: { entry: specs }, mode });
    expect(program.mode).toBe(mode === 'auto' ? 'graph' : 'eager');
    const { y } = program.run.entry(feeds);
    const values = [...y.shape, ...Array.from(y.dataSync())];
    y.dispose();
    return values;
  });
}

function expectEqual([compiled, eager]: number[][]): void {
  expect(compiled).toHaveLength(eager?.length ?? 0);
  compiled?.forEach((value, i) => expect(Math.abs(value - (eager?.[i] ?? NaN))).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value))));
}

native('compiled, as eagerly', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  it.each(Object.keys(operations))('%s', (name) => {
    expectEqual(both(operations[name]!));
  });

  it.each(Object.keys(losses))('the gradient of %s', (name) => {
    const keys = ['image', 'a', 'b', 'square', 'filter', 'depthFilter', 'row'] as const;
    expectEqual(
      both((inputs) => {
        const loss = losses[name]!;
        // No gradient for inputs that the loss does not see.
        const { grads } = tf.engine().gradients<tf.Scalar>(() => loss(inputs), keys.map((key) => inputs[key]), undefined, true);
        return tf.concat(grads.filter(Boolean).map((gradient) => tf.reshape(gradient, [-1])));
      }),
    );
  });
});
