import { isPromise } from 'node:util/types';
import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { callerLine } from './caller-line.js';
import { dataTypes, type GraphNode } from './graph-node.js';
import type { NodeBackend } from './node-backend.js';
import type { AnyOutcome, EntryFunction } from './program.js';
import { Recorder, type CapturedTensors } from './recorder.js';
import { describeTensor, dtypeOf, sameTensor, type TensorSpec, type TensorSpecs } from './tensor-spec.js';

/** Functions of tfjs that draw random numbers in JavaScript: recorded, they would be the same numbers for ever. */
const randomFunctions = new Set(['rand', 'randomGamma', 'randomNormal', 'randomStandardNormal', 'randomUniform', 'randomUniformInt', 'truncatedNormal', 'multinomial']);

/** What a function does, as nodes of a graph. */
export interface TracedEntry {
  readonly nodes: readonly GraphNode[];
  /** The node output ("node:output") of each result, in the order of the names. */
  readonly results: readonly TracedTensor[];
  /** The node output of each piece of state that the function gives a new value. */
  readonly updates: readonly TracedTensor[];
}

/** A tensor that a function returned. */
export interface TracedTensor {
  readonly name: string;
  readonly endpoint: string;
  readonly spec: TensorSpec;
}

/** What is traced. */
export interface TraceRequest {
  /** Name of the entry: the prefix of its nodes, and of messages. */
  readonly name: string;
  readonly run: EntryFunction;
  readonly inputs: TensorSpecs;
  readonly state: TensorSpecs;
  readonly captured: CapturedTensors;
  /** The node outputs that stand for inputs and state. */
  readonly endpoints: { readonly input: (name: string) => string; readonly state: (name: string) => string };
}

/**
 * Runs a function once on zeros, on the native backend, and records the operations. Nothing is left behind.
 * @throws LangevinError `unsupported` for what no graph can hold, with the line of the caller; `invalid_argument` when the
 * function returns something else than it should; whatever the function itself throws
 */
export function traceEntry(backend: NodeBackend, request: TraceRequest): TracedEntry {
  const recorder = new Recorder(backend.binding, request.name, request.captured);
  const before = tf.memory().numTensors;
  const traced = inScope(() => {
    const inputs = declareAll(backend, recorder, request.inputs, request.endpoints.input);
    const state = declareAll(backend, recorder, request.state, request.endpoints.state);
    return recording(backend, recorder, request.name, () => {
      const returned = request.run(inputs, state);
      if (isPromise(returned)) refusePromise(request.name, returned);
      return locate(backend, recorder, request, returned);
    });
  });
  const kept = tf.memory().numTensors - before;
  if (kept !== 0) throw new LangevinError('unsupported', `${request.name}: the function keeps ${kept} tensors: return them as results or as state`);
  return { nodes: recorder.nodes, ...traced };
}

function refusePromise(entry: string, promise: Promise<unknown>): never {
  // What it goes on to do fails on tensors that are gone; this error says why.
  promise.catch(() => undefined);
  throw new LangevinError('unsupported', `${entry}: the function is asynchronous: a compiled function returns its tensors at once`);
}

/** Disposes of every tensor that `run` makes; unlike a tidy it does not search the result for tensors to spare. */
function inScope<T>(run: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  try {
    return run();
  } finally {
    engine.endScope();
  }
}

/** Zeros that stand for inputs or state while the function runs. */
function declareAll(backend: NodeBackend, recorder: Recorder, specs: TensorSpecs, endpointOf: (name: string) => string): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      // A fill is an operation of its own: its result has no values that JavaScript could read without being noticed.
      const tensor = tf.fill([...spec.shape], 0, dtypeOf(spec));
      recorder.declare(idOf(backend, tensor), { name: endpointOf(name), dtype: dataTypes[dtypeOf(spec)], shape: spec.shape });
      return [name, tensor];
    }),
  );
}

/** Finds the node outputs of what the function returned; must run while the recording still goes on. */
function locate(backend: NodeBackend, recorder: Recorder, { name: entry, state }: TraceRequest, outcome: AnyOutcome): Omit<TracedEntry, 'nodes'> {
  const find = (kind: string, tensors: Readonly<Record<string, tf.Tensor | undefined>> = {}): TracedTensor[] =>
    Object.entries(tensors).flatMap(([name, tensor]) => {
      if (tensor === undefined) return [];
      if (!(tensor instanceof tf.Tensor)) throw new LangevinError('invalid_argument', `${entry}: ${kind} ${name} is no tensor`);
      const endpoint = recorder.endpointOf(idOf(backend, tensor));
      if (endpoint === undefined) throw new LangevinError('invalid_argument', `${entry}: ${kind} ${name} is a tensor that was made outside: declare it as an input or as state`);
      return [{ name, endpoint: endpoint.name, spec: { shape: tensor.shape, dtype: elementType(entry, name, tensor) } }];
    });
  const results = find('result', outcome.results);
  const updates = find('state', outcome.state);
  for (const { name, spec } of updates) {
    const declared = state[name];
    if (declared === undefined) throw new LangevinError('invalid_argument', `${entry}: state ${name} is not declared; there is ${Object.keys(state).join(', ') || 'none'}`);
    if (!sameTensor(declared, { shape: spec.shape, dtype: dtypeOf(spec) })) {
      throw new LangevinError('invalid_argument', `${entry}: state ${name} is ${describeTensor(declared)}, the function gives it ${describeTensor(spec)}`);
    }
  }
  if (results.length + updates.length === 0) throw new LangevinError('invalid_argument', `${entry}: the function returns neither results nor state`);
  return { results, updates };
}

function elementType(entry: string, name: string, { dtype }: tf.Tensor) {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new LangevinError('unsupported', `${entry}: ${name} has the type ${dtype}: a compiled function returns float32, int32 or bool`);
}

function idOf(backend: NodeBackend, tensor: tf.Tensor): number {
  const [id] = backend.getInputTensorIds([tensor]);
  if (id === undefined) throw new LangevinError('internal', 'the native backend gave no id for a tensor');
  return id;
}

/** Puts the recorder between tfjs and its binding for as long as `run` takes. */
function recording<T>(backend: NodeBackend, recorder: Recorder, entry: string, run: () => T): T {
  const { binding } = backend;
  const engine = tf.engine();
  const { move } = backend;
  const { startScope } = engine;
  const { random } = Math;
  // The one kernel of the native backend that reads values: it compares the indices with the extent.
  const gather = tf.getKernel('GatherV2', 'tensorflow');
  const { kernelFunc } = gather;
  const refuseRandom = (what: string): never => {
    throw new LangevinError('unsupported', `${entry}: ${what} was called at ${callerLine()}: the same numbers would come at every run: make them outside and pass them as an input`);
  };
  Object.assign(backend, {
    binding: recorder.recordingBinding(),
    move: (dataId: object, values: unknown, shape: readonly number[], dtype: string, refCount: number) => {
      recorder.noteValues(values);
      move.call(backend, dataId, values, shape, dtype, refCount);
    },
  });
  engine.startScope = (name) => {
    const called = name?.replace(/__op$/, '');
    if (called !== undefined && randomFunctions.has(called)) refuseRandom(`tf.${called}`);
    startScope.call(engine, name);
  };
  Object.assign(gather, { kernelFunc: (args: Parameters<typeof kernelFunc>[0]) => recorder.withoutValues(() => kernelFunc(args)) });
  Math.random = () => refuseRandom('Math.random');
  try {
    return run();
  } finally {
    // Both were inherited: deleting our own uncovers the originals.
    delete (backend as Partial<NodeBackend>).move;
    delete (engine as Partial<typeof engine>).startScope;
    backend.binding = binding;
    Object.assign(gather, { kernelFunc });
    Math.random = random;
  }
}
