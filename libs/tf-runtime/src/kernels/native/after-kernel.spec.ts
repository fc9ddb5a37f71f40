import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterKernel } from '@langevin/contracts';
import { compile } from '../../compile/compile.js';
import { isRuntimeComplete, runtimeDirectory } from '../../install/runtime-cache.js';
import { loadTensorFlow } from '../../load/load-tensorflow.js';

// A machine without a C++ compiler has no native TensorFlow; `npm test` builds it wherever it can.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const after = (x: tf.Tensor, event: tf.Tensor): tf.Tensor => tf.engine().runKernel<tf.Tensor[]>(afterKernel, { x, after: event })[0]!;

const packageRoot = path.resolve(__dirname, '..', '..', '..');

/** Compiles two entries that compute sin(x) twice, one of them in an order, runs both, and says nothing. */
const program = `
import { compile, loadTensorFlow } from ${JSON.stringify(pathToFileURL(path.join(packageRoot, 'dist', 'index.js')).href)};
const { tf } = await loadTensorFlow({ backend: 'tensorflow-cpu' });
const after = (x, event) => tf.engine().runKernel(${JSON.stringify(afterKernel)}, { x, after: event })[0];
const twice = (order) => ({ x }) => {
  const once = tf.sin(x);
  return { results: { y: tf.add(once, tf.sin(order(x, tf.sum(once)))) } };
};
const { run } = compile({ free: twice((x) => x), ordered: twice(after) }, { state: {}, inputs: { free: { x: { shape: [64] } }, ordered: { x: { shape: [64] } } } });
for (const entry of [run.free, run.ordered]) entry({ x: new Float32Array(64) }).y.dataSync();
`;

/** How often an operation is left in each entry when TensorFlow has optimised their graphs, which it writes down when asked to. */
function optimised(operation: string): Record<string, number> {
  execFileSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '--build', 'tsconfig.lib.json'], { cwd: packageRoot, stdio: 'inherit' });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'langevin-graphs-'));
  try {
    const env = { ...process.env, TF_DUMP_GRAPH_PREFIX: folder, TF_CPP_VMODULE: 'meta_optimizer=4', TF_CPP_MIN_LOG_LEVEL: '2' };
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env, stdio: ['ignore', 'ignore', 'ignore'] });
    const graphs = readdirSync(folder).filter((name) => /^after_MetaOptimizer_\d+(?:_\d+)?\.pbtxt$/.test(name)).map((name) => readFileSync(path.join(folder, name), 'utf8'));
    const names = new Set(graphs.flatMap((text) => [...text.matchAll(/name: "([^"]+)"\s+op: "(\w+)"/g)]).flatMap(([, name = '', op]) => (op === operation ? [name] : [])));
    return Object.fromEntries(['free', 'ordered'].map((entry) => [entry, [...names].filter((name) => name.startsWith(`${entry}/`)).length]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

native('what comes after', () => {
  beforeAll(async () => void (await loadTensorFlow({ backend: 'tensorflow-cpu' })));

  it('is registered once, however often the runtime is loaded', async () => {
    const warnings = jest.spyOn(console, 'warn');
    await loadTensorFlow({ backend: 'tensorflow-cpu' });
    expect(warnings.mock.calls).toEqual([]);
    warnings.mockRestore();
  });

  it('is the same tensor, also where nothing is compiled', () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const before = tf.memory().numTensors;
    const same = after(x, tf.scalar(NaN));
    expect(same.arraySync()).toEqual([[1, 2], [3, 4]]);
    expect(tf.memory().numTensors).toBe(before + 2);
  });

  it('is an operation of its own in a graph, which waits for the event and does not look at it', () => {
    using program = compile(
      { f: ({ x, event }) => ({ results: { y: tf.add(tf.square(x), tf.square(after(x, tf.sum(event)))) } }) },
      { state: {}, inputs: { f: { x: { shape: [3] }, event: { shape: [2] } } } },
    );
    expect(Array.from(program.run.f({ x: Float32Array.of(1, 2, 3), event: Float32Array.of(NaN, 0) }).y.dataSync())).toEqual([2, 8, 18]);
    // The sum is needed for its time alone: no node has it as an input.
    expect(program.nodeCounts('f')).toMatchObject({ Sum: 1, Square: 2 });
  });

  it('keeps TensorFlow from taking a second computation for the first one, which it does otherwise', () => {
    expect(optimised('Sin')).toEqual({ free: 1, ordered: 2 });
  }, 120_000);

  it('refuses an event from outside, as it does an input', () => {
    const event = tf.scalar(1);
    expect(() => compile({ f: ({ x }) => ({ results: { y: after(x, event) } }) }, { state: {}, inputs: { f: { x: { shape: [3] } } } })).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('Identity uses a tensor that is neither an input, nor state, nor made inside') }),
    );
    event.dispose();
  });
});
