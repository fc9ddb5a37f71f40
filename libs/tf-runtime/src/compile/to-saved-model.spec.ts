import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import protobuf from 'protobufjs';
import { fusedKernels } from '@langevin/contracts';
import { isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { loadTensorFlow } from '../load/load-tensorflow.js';
import { sessionAddon } from '../session/session-addon.js';
import { toSavedModel } from './to-saved-model.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const protoFile = fileURLToPath(new URL('../../proto/saved_model.proto', import.meta.url));

/** What a reader of the file finds. */
interface Decoded {
  readonly metaGraphs: readonly {
    readonly metaInfoDef: { readonly tags: readonly string[] };
    readonly graphDef: { readonly node: readonly { readonly name: string; readonly op: string }[] };
    readonly signatureDef: Readonly<Record<string, unknown>>;
  }[];
}

function decode(file: Uint8Array): Decoded['metaGraphs'][number] {
  const type = protobuf.loadSync(protoFile).lookupType('tensorflow.SavedModel');
  const [graph] = (type.toObject(type.decode(file), { longs: Number }) as Decoded).metaGraphs; // The file says so itself.
  return graph!;
}

const place = (name: string, dtype: number, ...shape: number[]) => ({ name, dtype, tensorShape: { dim: shape.map((size) => ({ size })) } });

describe('toSavedModel', () => {
  it('says what it needs where graphs cannot be recorded', async () => {
    await loadTensorFlow({ backend: 'cpu' });
    expect(() => toSavedModel({ f: ({ x }) => ({ results: { y: x } }) }, { inputs: { f: { x: { shape: [1] } } } })).toThrow(
      expect.objectContaining({ code: 'runtime_missing', message: 'a SavedModel is made by native TensorFlow alone, and the backend is cpu: load tensorflow-cpu' }),
    );
  });
});

native('a SavedModel', () => {
  beforeAll(async () => void (await loadTensorFlow({ backend: 'tensorflow-cpu' })));

  it('has each entry as a signature with named inputs and outputs, and the first one as what is served', () => {
    const before = tf.memory().numTensors;
    const x = { shape: [2, 3] } as const;
    const file = toSavedModel(
      { scale: ({ x, by }) => ({ results: { y: tf.mul(x, by), total: tf.sum(x) } }), count: ({ labels }) => ({ results: { sum: tf.sum(labels) } }) },
      { inputs: { scale: { x, by: { shape: [] } }, count: { labels: { shape: [4], dtype: 'int32' } } } },
    );
    expect(tf.memory().numTensors).toBe(before);
    const { metaInfoDef, signatureDef } = decode(file);
    const scale = {
      inputs: { x: place('scale/input/x:0', 1, 2, 3), by: place('scale/input/by:0', 1) },
      outputs: { y: place('scale/result/y:0', 1, 2, 3), total: place('scale/result/total:0', 1) },
      methodName: 'tensorflow/serving/predict',
    };
    const count = { inputs: { labels: place('count/input/labels:0', 3, 4) }, outputs: { sum: place('count/result/sum:0', 3) }, methodName: 'tensorflow/serving/predict' };
    expect(metaInfoDef.tags).toEqual(['serve']);
    expect(signatureDef).toEqual({ scale: withoutEmptyShapes(scale), count: withoutEmptyShapes(count), serving_default: withoutEmptyShapes(scale) });
  });

  it('holds the weights, and computes what the function does', () => {
    const weights = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    const file = toSavedModel({ f: ({ x }) => ({ results: { y: tf.matMul(x, weights) } }) }, { inputs: { f: { x: { shape: [1, 3] } } }, captured: 'constant' });
    weights.dispose();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'langevin-saved-model-'));
    const addon = sessionAddon();
    try {
      writeFileSync(path.join(folder, 'saved_model.pb'), file);
      const session = addon.open(folder);
      const feed = { place: 'f/input/x:0', dtype: 1, shape: [1, 3], elements: Float32Array.of(1, 10, 100) };
      const answers = addon.run(session, [{ feeds: [feed], fetches: [{ place: 'f/result/y:0' }] }], false);
      expect(answers.map(({ results }) => Array.from(new Float32Array(results[0]!.bytes!)))).toEqual([[531, 642]]);
      addon.close(session);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has standard operations alone: kernels of Langevin hide meanwhile, also when the function throws', () => {
    const registered = () => Object.values(fusedKernels).filter((name) => tf.getKernel(name, 'tensorflow') !== undefined);
    const before = registered();
    expect(before.length).toBeGreaterThan(0);
    const within: string[][] = [];
    const file = toSavedModel(
      {
        f: ({ x }) => {
          within.push(registered());
          return { results: { y: tf.softmax(x) } };
        },
      },
      { inputs: { f: { x: { shape: [2, 3] } } } },
    );
    expect(within).toEqual([[]]);
    expect(decode(file).graphDef.node.map(({ op }) => op).filter((op) => op.startsWith('Langevin'))).toEqual([]);
    const fail = (): never => {
      throw new Error('no');
    };
    expect(() => toSavedModel({ f: fail }, { inputs: { f: {} } })).toThrow('no');
    expect(registered()).toEqual(before);
  });

  it('is refused without results, and where the weights would be forgotten', () => {
    const weights = tf.ones([3]);
    const inputs = { f: { x: { shape: [3] } } } as const;
    expect(() => toSavedModel({ f: ({ x }) => ({ results: { y: tf.add(x, weights) } }) }, { inputs })).toThrow(expect.objectContaining({ code: 'unsupported' }));
    expect(() => toSavedModel({ f: () => ({}) }, { inputs })).toThrow(expect.objectContaining({ code: 'invalid_argument', message: 'f: the function returns neither results nor state' }));
    expect(() => toSavedModel({}, { inputs: {} })).toThrow(expect.objectContaining({ code: 'invalid_argument', message: 'there is no entry to export' }));
    weights.dispose();
  });
});

/** A scalar's shape has no extents, and what is empty is not written. */
function withoutEmptyShapes<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => (key === 'dim' && Array.isArray(part) && part.length === 0 ? undefined : part)) as T; // Less a key that may be absent.
}
