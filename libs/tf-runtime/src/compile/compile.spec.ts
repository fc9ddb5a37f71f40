import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { loadTensorFlow } from '../load/load-tensorflow.js';
import { compile } from './compile.js';

// The graphs need the native runtime, which `npm run setup:tensorflow` makes.
const isNative = isRuntimeComplete(runtimeDirectory());
const native = isNative ? describe : describe.skip;
const backends = isNative ? (['cpu', 'tensorflow-cpu'] as const) : (['cpu'] as const);

const numbers = (values: ArrayLike<number>): number[] => Array.from(values);
const valuesOf = (tensor: tf.Tensor): number[] => {
  const values = numbers(tensor.dataSync());
  tensor.dispose();
  return values;
};
const vector = { shape: [3] } as const;
const scalar = { shape: [] } as const;

/** Gradient descent with a running count, and a few more entries over the same state. */
const descent = () =>
  compile(
    {
      step: ({ gradient, rate }, { params, count }) => ({
        results: { norm: tf.sum(tf.square(gradient)), before: params },
        state: { params: tf.sub(params, tf.mul(rate, gradient)), count: tf.add(count, tf.scalar(1, 'int32')) },
      }),
      swap: (_, { params, other }) => ({ state: { params: other, other: params } }),
      take: ({ values }) => ({ state: { params: values } }),
      pick: ({ index }, { other }) => ({ state: { other: tf.add(other, 1), params: tf.gather(tf.mul(other, 2), index) } }),
    },
    {
      state: { params: vector, other: vector, count: { shape: [], dtype: 'int32' } },
      inputs: { step: { gradient: vector, rate: scalar }, swap: {}, take: { values: vector }, pick: { index: { shape: [3], dtype: 'int32' } } },
    },
  );

describe.each(backends)('a program on %s', (backend) => {
  let tensors: number;
  beforeAll(() => loadTensorFlow({ backend }));
  beforeEach(() => void (tensors = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

  it('computes results and the next state from the state before', () => {
    using program = descent();
    expect(program.mode).toBe(backend === 'cpu' ? 'eager' : 'graph');
    program.writeState({ params: Float32Array.of(1, 2, 3) });
    const { norm, before } = program.run.step({ gradient: Float32Array.of(2, 0, -4), rate: tf.scalar(0.5) });
    tensors += 1; // The scalar.
    expect(valuesOf(norm)).toEqual([20]);
    expect(valuesOf(before)).toEqual([1, 2, 3]);
    expect(numbers(program.readState('params'))).toEqual([0, 2, 5]);
    expect(numbers(program.readState('count'))).toEqual([1]);
  });

  it('begins with zeros, and keeps what a call does not change', () => {
    using program = descent();
    expect(numbers(program.readState('params'))).toEqual([0, 0, 0]);
    program.writeState({ other: Float32Array.of(4, 5, 6) });
    tf.dispose(program.run.step({ gradient: Float32Array.of(-1, -1, -1), rate: Float32Array.of(2) }));
    expect(numbers(program.readState('other'))).toEqual([4, 5, 6]);
    expect(numbers(program.readState('params'))).toEqual([2, 2, 2]);
  });

  it('reads all state before it replaces any', () => {
    using program = descent();
    program.writeState({ params: Float32Array.of(1, 2, 3), other: Float32Array.of(4, 5, 6) });
    expect(program.run.swap({})).toEqual({});
    expect(numbers(program.readState('params'))).toEqual([4, 5, 6]);
    expect(numbers(program.readState('other'))).toEqual([1, 2, 3]);
  });

  it('copies results into arrays of the caller, wherever in a buffer they begin', () => {
    using program = descent();
    program.writeState({ params: Float32Array.of(1, 2, 3) });
    const around = new Float32Array(5);
    const before = around.subarray(1, 4);
    const norm = new Float32Array(1);
    program.runInto.step({ gradient: Float32Array.of(2, 0, -4), rate: Float32Array.of(0.5) }, { norm, before });
    expect([numbers(norm), numbers(around)]).toEqual([[20], [0, 1, 2, 3, 0]]);
    expect(numbers(program.readState('params'))).toEqual([0, 2, 5]);
  });

  it('gives several calls at the same time the bits that each has alone, more of them than there are threads', () => {
    const size = 96;
    const square = { shape: [size, size] } as const;
    using program = compile({ product: ({ x }, { w }) => ({ results: { y: tf.matMul(tf.sigmoid(tf.matMul(x, w)), w) } }) }, { state: { w: square }, inputs: { product: { x: square } } });
    const fill = (seed: number) => tf.tidy(() => tf.randomNormal([size, size], 0, 1, 'float32', seed).dataSync<'float32'>().slice());
    program.writeState({ w: fill(1) });
    const calls = Array.from({ length: 3 * program.concurrency + 2 }, (_, index) => ({ inputs: { x: fill(index + 2) }, targets: { y: new Float32Array(size * size) } }));
    program.runAllInto.product(calls);
    for (const { inputs, targets } of calls) {
      const y = new Float32Array(size * size);
      program.runInto.product(inputs, { y });
      expect(targets.y).toEqual(y);
    }
  });

  it('refuses several calls at the same time of what changes the state', () => {
    using program = descent();
    const call = { inputs: { gradient: new Float32Array(3), rate: new Float32Array(1) }, targets: { norm: new Float32Array(1), before: new Float32Array(3) } };
    expect(() => program.runAllInto.step([call, call])).toThrow(expect.objectContaining({ code: 'invalid_argument', message: 'step: 2 calls at the same time, and it changes the state: one call after the other is possible' }));
    expect(numbers(program.readState('count'))).toEqual([0]);
  });

  it('refuses arrays for results that do not fit, by name', () => {
    using program = descent();
    const feeds = { gradient: new Float32Array(3), rate: new Float32Array(1) };
    const [norm, before] = [new Float32Array(1), new Float32Array(3)];
    const refused = (targets: object, message: string) => expect(() => program.runInto.step(feeds, targets as never)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
    refused({ norm }, 'step: there is no array for the result before: float32 [3]');
    refused({ norm, before, after: before }, 'step: there is no result after; there is norm, before');
    refused({ norm, before: norm }, 'step: result before is float32 [3]: 3 elements in a Float32Array, got 1 in a Float32Array');
    expect(numbers(program.readState('count'))).toEqual([0]);
  });

  it('shares no memory with what it was given or has given', () => {
    using program = descent();
    const written = Float32Array.of(1, 2, 3);
    program.writeState({ other: written });
    written.fill(9);
    const read = program.readState('other');
    read.fill(9);
    expect(numbers(program.readState('other'))).toEqual([1, 2, 3]);
  });

  it('keeps the state when a call fails half-way', () => {
    using program = descent();
    program.writeState({ other: Float32Array.of(4, 5, 6) });
    expect(() => program.run.pick({ index: Int32Array.of(0, 1, 7) })).toThrow();
    expect(numbers(program.readState('other'))).toEqual([4, 5, 6]);
    program.run.pick({ index: Int32Array.of(2, 2, 0) });
    expect(numbers(program.readState('params'))).toEqual([12, 12, 8]);
  });

  it('refuses feeds that do not fit, by name', () => {
    using program = descent();
    const gradient = new Float32Array(3);
    const rate = new Float32Array(1);
    const refused = (call: () => unknown, message: string) => expect(call).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
    // The compiler refuses these as well, which is what the casts are for.
    refused(() => program.run.step({ gradient } as never), 'step: input rate is missing: float32 []');
    refused(() => program.run.step({ gradient, rate, decay: rate } as never), 'step: there is no input decay; there is gradient, rate');
    refused(() => program.run.step({ gradient: rate, rate }), 'step: input gradient is float32 [3]: 3 elements in a Float32Array, got 1 in a Float32Array');
    refused(() => program.run.step({ gradient, rate: Int32Array.of(1) }), 'step: input rate is float32 []: 1 elements in a Float32Array, got 1 in a Int32Array');
    refused(() => tf.tidy(() => void program.run.step({ gradient: tf.zeros([4]), rate })), 'step: input gradient was compiled as float32 [3], got float32 [4]: compile another program for it');
    refused(() => tf.tidy(() => void program.run.step({ gradient: tf.zeros([3], 'int32'), rate })), 'step: input gradient was compiled as float32 [3], got int32 [3]: compile another program for it');
    refused(() => program.writeState({ params: rate }), 'state params is float32 [3]: 3 elements in a Float32Array, got 1 in a Float32Array');
    refused(() => program.readState('weights' as never), 'there is no state weights; there is params, other, count');
  });

  it('holds nothing any more once it is disposed of', () => {
    const program = descent();
    program.dispose();
    program.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(() => program.run.swap({})).toThrow(expect.objectContaining({ code: 'invalid_argument', message: 'swap: the program was disposed of' }));
  });

  it('refuses names that cannot be names of nodes', () => {
    const options = { state: {}, inputs: { 'a b': {} } };
    expect(() => compile({ 'a b': () => ({ results: {} }) }, options)).toThrow('"a b" cannot be a name: use letters, digits and _, a letter first');
    expect(() => compile({ state: () => ({ results: {} }) }, { state: {}, inputs: { state: {} } })).toThrow('"state" cannot be the name of an entry');
  });
});

it('says once that it runs eagerly where it cannot compile', async () => {
  await loadTensorFlow({ backend: 'cpu' });
  const lines: string[] = [];
  compile({ one: () => ({ results: { x: tf.scalar(1) } }), two: () => ({ results: { x: tf.scalar(2) } }) }, { state: {}, inputs: { one: {}, two: {} }, log: (line) => lines.push(line) });
  expect(lines).toEqual(['steps run eagerly: the backend cpu cannot compile them']);
});

it('refuses to have XLA compile what is no graph', async () => {
  await loadTensorFlow({ backend: 'cpu' });
  const one = () => ({ results: { x: tf.scalar(1) } });
  expect(() => compile({ one }, { state: {}, inputs: { one: {} }, xla: true })).toThrow('XLA compiles graphs, and the backend cpu has none here: leave xla out');
});

native('a compiled program', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  it('has state of its own, copied from what it was fed', () => {
    using program = descent();
    const values = Float32Array.of(1, 2, 3);
    program.run.take({ values });
    values.fill(9);
    expect(numbers(program.readState('params'))).toEqual([1, 2, 3]);
  });

  it('computes gradients, and gradients of gradients', () => {
    const cube = (x: tf.Tensor) => tf.sum(tf.mul(x, tf.square(x)));
    using program = compile(
      { slopes: ({ x }) => ({ results: { first: tf.grad(cube)(x), second: tf.grad((y) => tf.sum(tf.grad(cube)(y)))(x) } }) },
      { state: {}, inputs: { slopes: { x: vector } } },
    );
    const { first, second } = program.run.slopes({ x: Float32Array.of(1, 2, -3) });
    expect(valuesOf(first)).toEqual([3, 12, 27]);
    expect(valuesOf(second)).toEqual([6, 12, -18]);
  });

  it('is one graph, and leaves no file behind', () => {
    const own = mkdtempSync(path.join(os.tmpdir(), 'langevin-compile-'));
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = own;
    try {
      using program = descent();
      expect(program.nodeCounts('step')).toMatchObject({ Placeholder: 2, ReadVariableOp: 2, Sub: 1, AssignVariableOp: 2 });
      expect(readdirSync(own)).toEqual([]);
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
      rmSync(own, { recursive: true });
    }
  });

  it('leaks nothing over 1,000 calls', () => {
    const size = 1 << 18;
    using program = compile(
      { add: ({ x }, { sum }) => ({ results: { twice: tf.mul(x, 2) }, state: { sum: tf.add(sum, x) } }) },
      { state: { sum: { shape: [size] } }, inputs: { add: { x: { shape: [size] } } } },
    );
    const x = new Float32Array(size).fill(1);
    const call = () => program.run.add({ x }).twice.dispose();
    for (let i = 0; i < 100; i++) call();
    const [tensors, memory] = [tf.memory().numTensors, process.memoryUsage.rss()];
    for (let i = 0; i < 1000; i++) call();
    expect(tf.memory().numTensors).toBe(tensors);
    // One copy of the vector lost at each call would be a gigabyte.
    expect(process.memoryUsage.rss() - memory).toBeLessThan(100e6);
    expect(program.readState('sum')[size - 1]).toBe(1100);
  });

  it('takes the memory of what it was fed before for what it is fed next', () => {
    const size = 1 << 22;
    using program = compile({ take: ({ x }) => ({ state: { kept: x } }) }, { state: { kept: { shape: [size] } }, inputs: { take: { x: { shape: [size] } } } });
    const x = new Float32Array(size).fill(1);
    for (let i = 0; i < 5; i++) program.run.take({ x });
    const memory = process.memoryUsage.rss();
    for (let i = 0; i < 40; i++) program.run.take({ x });
    // A new place for each would be 670 MB.
    expect(process.memoryUsage.rss() - memory).toBeLessThan(100e6);
  });

  const outside = () => tf.tensor1d([1, 2, 3]);
  const place = String.raw`\S+compile\.spec\.ts:\d+:\d+`;
  type Entry = (inputs: { readonly x: tf.Tensor1D }) => { results: Record<string, tf.Tensor> };
  const refusals: readonly [string, string, (captured: tf.Tensor) => Entry][] = [
    ['reading data', `entry: the data of a tensor was read at ${place}: a compiled function cannot look at values: return the tensor and read it outside`, () => ({ x }) => ({ results: { y: tf.scalar(x.dataSync()[0] ?? 0) } })],
    ['random numbers', `entry: tf.randomNormal was called at ${place}: the same numbers would come at every run: make them outside and pass them as an input`, () => () => ({ results: { y: tf.randomNormal([2], 0, 1, 'float32', 7) } })],
    ['random numbers of JavaScript', `entry: Math.random was called at ${place}: .*`, () => () => ({ results: { y: tf.scalar(Math.random()) } })],
    ['a captured tensor', `entry: Add uses a tensor that is neither an input, nor state, nor made inside at ${place}: declare it as an input or as state, or compile with captured: "constant"`, (captured) => ({ x }) => ({ results: { y: tf.add(x, captured) } })],
    ['returning a captured tensor', 'entry: result y is a tensor that was made outside: declare it as an input or as state', (captured) => () => ({ results: { y: captured } })],
    ['a shape that depends on values', `entry: UniqueV2 was called at ${place}: its result has a shape that depends on values, which a compiled function cannot have`, () => ({ x }) => ({ results: { y: tf.unique(x).values } })],
    ['a promise', 'entry: the function is asynchronous: a compiled function returns its tensors at once', () => (async () => ({ results: {} })) as never],
    ['a tensor that is kept', 'entry: the function keeps 1 tensors: return them as results or as state', () => ({ x }) => ({ results: { y: tf.keep(tf.add(x, 1)) } })],
    ['nothing to do', 'entry: the function returns neither results nor state', () => () => ({ results: {} })],
  ];
  it.each(refusals)('refuses %s while it traces', (_, message, make) => {
    const captured = outside();
    const tensors = tf.memory().numTensors;
    expect(() => compile({ entry: make(captured) }, { state: {}, inputs: { entry: { x: vector } } })).toThrow(new RegExp(`^${message}$`));
    if (!message.includes('keeps')) expect(tf.memory().numTensors).toBe(tensors);
    captured.dispose();
    // tfjs works as before.
    expect(valuesOf(tf.add(tf.randomUniform([1], 1, 1), Math.random() * 0))).toEqual([1]);
  });

  it('refuses a captured tensor that TensorFlow has seen before', () => {
    const captured = tf.tidy(() => tf.add(outside(), 1));
    expect(() => compile({ entry: ({ x }) => ({ results: { y: tf.mul(x, captured) } }) }, { state: {}, inputs: { entry: { x: vector } } })).toThrow(LangevinError);
    captured.dispose();
  });

  it('takes captured tensors as constants when it is told to', () => {
    const seen = tf.tidy(() => tf.add(outside(), 1));
    const unseen = outside();
    const tensors = tf.memory().numTensors;
    using program = compile(
      { entry: ({ x }) => ({ results: { y: tf.mul(tf.add(x, seen), unseen), same: seen } }) },
      { state: {}, inputs: { entry: { x: vector } }, captured: 'constant' },
    );
    tf.dispose([seen, unseen]);
    const { y, same } = program.run.entry({ x: Float32Array.of(1, 1, 1) });
    expect(valuesOf(y)).toEqual([3, 8, 15]);
    expect(valuesOf(same)).toEqual([2, 3, 4]);
    expect(program.nodeCounts('entry')['Const']).toBe(2);
    expect(tf.memory().numTensors).toBe(tensors - 2);
  });

  it('refuses state of another shape than declared', () => {
    const entry = () => ({ state: { params: tf.zeros([4]) } });
    expect(() => compile({ entry }, { state: { params: vector }, inputs: { entry: {} } })).toThrow('entry: state params is float32 [3], the function gives it float32 [4]');
    const unknown = () => ({ state: { weights: tf.zeros([3]) } });
    expect(() => compile({ entry: unknown as never }, { state: { params: vector }, inputs: { entry: {} } })).toThrow('entry: state weights is not declared; there is params');
  });
});
