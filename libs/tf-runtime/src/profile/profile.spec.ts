import * as tf from '@tensorflow/tfjs-core';
import { compile } from '../compile/compile.js';
import { isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { loadTensorFlow } from '../load/load-tensorflow.js';
import { profile } from './profile.js';

// TensorFlow measures graphs, which need the native runtime: `npm run setup:tensorflow` makes it.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const square = { shape: [64, 64] } as const;
const chain = () =>
  compile(
    {
      chain: ({ x }, { w }) => ({ results: { y: tf.matMul(tf.matMul(tf.softplus(tf.matMul(x, w)), w), w) } }),
      keep: ({ x }) => ({ state: { w: x } }),
    },
    { state: { w: square }, inputs: { chain: { x: square }, keep: { x: square } } },
  );
const x = new Float32Array(64 * 64).fill(0.25);

native('profile', () => {
  beforeAll(() => loadTensorFlow({ backend: 'tensorflow-cpu' }));

  it('names the operations of a run, slowest first, with calls and times that TensorFlow measured', () => {
    using program = chain();
    const call = () => program.run.chain({ x }).y.dispose();
    call();
    const [run, ...others] = profile(call);
    expect(others).toEqual([]);
    const { entry, nodeCounts, totalMs, graphMs, betweenMs, nodes, operations } = run!;
    expect(entry).toBe('chain');
    expect(nodeCounts).toEqual(program.nodeCounts('chain'));
    expect(nodeCounts['BatchMatMulV2']).toBe(3);
    // Where the processor has more instructions TensorFlow takes another kernel, with a prefix to the name.
    expect(operations.find(({ operation }) => operation.endsWith('BatchMatMulV2'))?.calls).toBe(3);
    expect(operations.find(({ operation }) => operation === 'Softplus')?.calls).toBe(1);
    expect(operations.reduce((sum, { calls }) => sum + calls, 0)).toBe(nodes);
    expect(operations.map(({ ms }) => ms)).toEqual(operations.map(({ ms }) => ms).sort((a, b) => b - a));
    expect(operations.every(({ ms }) => ms > 0 && ms <= totalMs)).toBe(true);
    expect(graphMs).toBeLessThanOrEqual(totalMs);
    // Nanoseconds, added up as milliseconds.
    expect(operations.reduce((sum, { ms }) => sum + ms, betweenMs)).toBeGreaterThanOrEqual(graphMs - 1e-9);
    expect(betweenMs).toBeGreaterThan(0);
  });

  it('tells of every run in their order, and of none that follows', () => {
    using program = chain();
    const runs = profile(() => {
      program.run.keep({ x });
      program.run.chain({ x }).y.dispose();
    });
    expect(runs.map(({ entry }) => entry)).toEqual(['keep', 'chain']);
    expect(profile(() => undefined)).toEqual([]);
  });

  it('changes no result, and ends when the function throws', () => {
    using program = chain();
    program.writeState({ w: x });
    const y = () => tf.tidy(() => program.run.chain({ x }).y.dataSync());
    const plain = y();
    const traced: Float32Array[] = [];
    profile(() => traced.push(y() as Float32Array));
    expect(traced).toEqual([plain]);
    expect(() =>
      profile(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(profile(() => undefined)).toEqual([]);
  });

  it('knows nothing of what runs eagerly', () => {
    using program = compile({ double: ({ x }) => ({ results: { y: tf.mul(x, 2) } }) }, { state: {}, inputs: { double: { x: { shape: [3] } } }, mode: 'eager' });
    expect(profile(() => program.run.double({ x: Float32Array.of(1, 2, 3) }).y.dispose())).toEqual([]);
  });
});
