import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { withoutFusedKernels } from '../kernels/native/without-fused-kernels.js';
import { checkNames } from './check-names.js';
import { entryGraph, type EntryGraph } from './entry-graph.js';
import { dataTypes, graphShape, type GraphNode } from './graph-node.js';
import { activeNodeBackend } from './node-backend.js';
import type { EntriesOf, EntryFunction } from './program.js';
import type { CapturedTensors } from './recorder.js';
import { encodeSavedModel, type Signature, type TensorPlace } from './saved-model.js';
import { dtypeOf, type TensorSpec, type TensorSpecs } from './tensor-spec.js';

/** What is exported. */
export interface SavedModelOptions<I extends Readonly<Record<string, TensorSpecs>>> {
  /** The inputs of every entry. */
  readonly inputs: I;
  /** What becomes of tensors from outside: `constant` puts their values into the graph, as weights are. @default 'refuse' */
  readonly captured?: CapturedTensors;
}

/** Protocol buffers, in which the model is written, hold less than 2 GiB; the rest of the graph takes its part. */
const largestConstants = 2 ** 31 - 2 ** 24;

/**
 * Functions of tfjs as a TensorFlow SavedModel, for other programs: the content of `saved_model.pb`, which needs no other file in its
 * folder. Each entry is a signature of its name with named inputs and results; the first one is `serving_default` too. What holds for
 * functions of {@link compile} holds for these, and they have no state. Only operations that every TensorFlow has are used.
 *
 * @example
 * const file = toSavedModel({ double: ({ x }) => ({ results: { y: tf.mul(x, 2) } }) }, { inputs: { double: { x: { shape: [3] } } } });
 * writeFileSync('doubling/saved_model.pb', file); // Python: tf.saved_model.load('doubling').signatures['double'](x=[1., 2., 3.])
 *
 * @throws LangevinError `runtime_missing` where the active backend is not native TensorFlow; `unsupported` for what no graph can hold, or
 * for constants of 2 GiB; `invalid_argument` for names that cannot be used, or an entry without results
 */
export function toSavedModel<const I extends Readonly<Record<string, TensorSpecs>>, E extends EntriesOf<Record<never, never>, I>>(
  entries: E & EntriesOf<Record<never, never>, I>,
  { inputs, captured = 'refuse' }: SavedModelOptions<I>,
): Uint8Array {
  checkNames({}, inputs);
  const backend = activeNodeBackend();
  if (backend === null) throw new LangevinError('runtime_missing', `a SavedModel is made by native TensorFlow alone, and the backend is ${tf.getBackend()}: load tensorflow-cpu`);
  // The functions are called with the tensors of exactly these declarations, so their own parameter types hold.
  const functions = Object.entries(entries as unknown as Record<string, EntryFunction>);
  const graphs = withoutFusedKernels(() => functions.map(([name, run]) => [name, entryGraph(backend, { name, run, inputs: inputs[name] ?? {}, state: {}, captured })] as const));
  const signatures = graphs.map(([name, graph]) => [name, signatureOf(graph, inputs[name] ?? {})] as const);
  const [first] = signatures;
  if (!first) throw new LangevinError('invalid_argument', 'there is no entry to export');
  const nodes = graphs.flatMap(([, graph]) => graph.nodes);
  checkSize(nodes);
  return encodeSavedModel(nodes, { ...Object.fromEntries(signatures), serving_default: first[1] });
}

function signatureOf({ feeds, results, resultSpecs }: EntryGraph, inputs: TensorSpecs): Signature {
  return { inputs: places(feeds, inputs), outputs: places(results, resultSpecs), methodName: 'tensorflow/serving/predict' };
}

function places(endpoints: ReadonlyMap<string, string>, specs: TensorSpecs): Record<string, TensorPlace> {
  // Every endpoint has a specification of its name.
  const place = (name: string, spec: TensorSpec): TensorPlace => ({ name, dtype: dataTypes[dtypeOf(spec)], tensorShape: graphShape(spec.shape) });
  return Object.fromEntries([...endpoints].map(([name, endpoint]) => [name, place(endpoint, specs[name]!)]));
}

function checkSize(nodes: readonly GraphNode[]): void {
  const bytes = nodes.reduce((sum, { attr }) => sum + Object.values(attr).reduce((own, value) => own + ('tensor' in value ? value.tensor.tensorContent.byteLength : 0), 0), 0);
  if (bytes > largestConstants) throw new LangevinError('unsupported', `the constants take ${bytes} bytes: a SavedModel holds at most ${largestConstants}`);
}
