import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { checkElements, feedTensors } from './check-feeds.js';
import { declared } from './declared.js';
import { entryGraph, type EntryGraph } from './entry-graph.js';
import type { NodeBackend } from './node-backend.js';
import type { Feed, ProgramSource, UntypedProgram } from './program.js';
import type { GraphNode } from './graph-node.js';
import { loadGraph } from './saved-model.js';
import { stateNames, stateNodes } from './state-nodes.js';
import { dtypeOf, type Elements, type TensorSpecs } from './tensor-spec.js';

/**
 * Traces every entry and makes one TensorFlow session of them. All state is zero.
 * @throws LangevinError as `traceEntry`
 */
export function graphProgram(backend: NodeBackend, { entries, state, inputs, captured, xla }: ProgramSource): UntypedProgram {
  const graphs = new Map(Object.entries(entries).map(([name, run]) => [name, entryGraph(backend, { name, run, inputs: inputs[name] ?? {}, state, captured })]));
  const steps = [...graphs.values()].flatMap((graph) => graph.nodes);
  const session = new GraphSession(backend, [...stateNodes(state), ...(xla ? steps.map(forXla) : steps)]);
  tf.dispose(session.run('state', [], [], [stateNames.cleared]));

  return {
    mode: 'graph',
    run: Object.fromEntries([...graphs].map(([name, graph]) => [name, (feeds) => runEntry(session, name, graph, inputs[name] ?? {}, feeds)])),
    readState: (name) => {
      declared(state, name);
      return tf.tidy(() => elementsOf(session.run(`state ${name}`, [], [], [stateNames.value(name)])));
    },
    writeState: (values) => {
      const given = Object.entries(values).filter((entry): entry is [string, Elements] => entry[1] !== undefined);
      for (const [name, elements] of given) checkElements(`state ${name}`, declared(state, name), elements);
      tf.tidy(() => {
        const tensors = given.map(([name, elements]) => tf.tensor(elements, [...declared(state, name).shape], dtypeOf(declared(state, name))));
        const names = given.map(([name]) => name);
        if (names.length > 0) session.run('state', tensors, names.map(stateNames.feed), names.map(stateNames.written));
      });
    },
    nodeCounts: (entry) => countByOp(graphs.get(entry)),
    dispose: () => session.dispose(),
    [Symbol.dispose]: () => session.dispose(),
  };
}

/** TensorFlow clusters marked nodes for XLA, whatever `TF_XLA_FLAGS` says (`kXlaCompileAttr`, tensorflow/compiler/jit/defs.h). */
function forXla(node: GraphNode): GraphNode {
  return { ...node, attr: { ...node.attr, _XlaCompile: { b: true } } };
}

/** A graph in TensorFlow's hands. */
class GraphSession {
  readonly #backend: NodeBackend;
  #id: number | null;

  constructor(backend: NodeBackend, nodes: EntryGraph['nodes']) {
    this.#backend = backend;
    this.#id = loadGraph(backend, nodes);
  }

  run(what: string, tensors: readonly tf.Tensor[], feeds: readonly string[], fetches: readonly string[]): tf.Tensor[] {
    if (this.#id === null) throw new LangevinError('invalid_argument', `${what}: the program was disposed of`);
    try {
      return this.#backend.runSavedModel(this.#id, tensors, feeds.map((name) => ({ name })), fetches);
    } catch (cause) {
      const [message] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
      throw new LangevinError('internal', `${what}: ${message}`, { cause });
    }
  }

  dispose(): void {
    if (this.#id !== null) this.#backend.deleteSavedModel(this.#id);
    this.#id = null;
  }
}

function runEntry(session: GraphSession, entry: string, graph: EntryGraph, specs: TensorSpecs, feeds: Readonly<Record<string, Feed>>): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const tensors = feedTensors(entry, specs, feeds);
    const fetches = [...graph.results.values(), ...(graph.completion === null ? [] : [graph.completion])];
    const fetched = session.run(entry, tensors, [...graph.feeds.values()], fetches);
    // One tensor is fetched for each result, in their order.
    return Object.fromEntries([...graph.results.keys()].map((name, i) => [name, fetched[i]!]));
  });
}

function elementsOf(tensors: readonly tf.Tensor[]): Elements {
  const [tensor] = tensors;
  if (!tensor) throw new LangevinError('internal', 'TensorFlow returned no tensor');
  return tensor.dataSync();
}

function countByOp(graph: EntryGraph | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op } of graph?.nodes ?? []) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}
