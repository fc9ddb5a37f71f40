import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { GraphSession } from '../session/graph-session.js';
import type { SessionCall, SessionFeed, SessionResult } from '../session/session-addon.js';
import { checkAtOnce, checkElements, checkFeeds, checkTargets } from './check-feeds.js';
import { declared } from './declared.js';
import { entryGraph, type EntryGraph } from './entry-graph.js';
import type { NodeBackend } from './node-backend.js';
import type { Feed, ProgramSource, UntypedCall, UntypedProgram } from './program.js';
import { dataTypes, type GraphNode } from './graph-node.js';
import { stateNames, stateNodes } from './state-nodes.js';
import { arrayOf, dtypeOf, type Elements, type TensorSpec, type TensorSpecs } from './tensor-spec.js';

/**
 * Traces every entry and makes one TensorFlow session of them. All state is zero.
 * @throws LangevinError as `traceEntry`
 */
export function graphProgram(backend: NodeBackend, { entries, state, inputs, captured, xla }: ProgramSource): UntypedProgram {
  const traced = Object.entries(entries).map(([name, run]) => [name, entryGraph(backend, { name, run, inputs: inputs[name] ?? {}, state, captured })] as const);
  const steps = traced.flatMap(([, { nodes }]) => nodes);
  const session = new GraphSession([...stateNodes(state), ...(xla ? steps.map(forXla) : steps)]);
  // Without the nodes: their constants, weights among them, are TensorFlow's from here on.
  const graphs = traced.map(([name, { nodes: _, ...places }]) => [name, places] as const);
  session.run('state', [], [{ place: stateNames.cleared }]);
  const specsOf = (entry: string) => inputs[entry] ?? {};
  const runAllInto = Object.fromEntries(graphs.map(([name, graph]) => [name, (calls: readonly UntypedCall[]) => runEntryInto(session, name, { graph, specs: specsOf(name) }, calls)]));

  return {
    mode: 'graph',
    run: Object.fromEntries(
      graphs.map(([name, graph]) => [
        name,
        (feeds) => {
          const { feeds: fed, fetches } = entryCall(name, { graph, specs: specsOf(name) }, feeds);
          return resultTensors(graph, session.run(name, fed, fetches));
        },
      ]),
    ),
    runInto: Object.fromEntries(Object.entries(runAllInto).map(([name, run]) => [name, (given, targets) => run([{ inputs: given, targets }])])),
    runAllInto,
    concurrency: session.concurrency,
    readState: (name) => {
      const spec = declared(state, name);
      return elementsFrom(session.run(`state ${name}`, [], [{ place: stateNames.value(name) }])[0], spec);
    },
    writeState: (values) => {
      const given = Object.entries(values).filter((entry): entry is [string, Elements] => entry[1] !== undefined);
      for (const [name, elements] of given) checkElements(`state ${name}`, declared(state, name), elements);
      const feeds = given.map(([name, elements]) => sessionFeed(stateNames.feed(name), declared(state, name), elements));
      if (feeds.length > 0) session.run('state', feeds, given.map(([name]) => ({ place: stateNames.written(name) })));
    },
    nodeCounts: (entry) => session.nodeCounts(entry),
    dispose: () => session.dispose(),
    [Symbol.dispose]: () => session.dispose(),
  };
}

/** TensorFlow clusters marked nodes for XLA, whatever `TF_XLA_FLAGS` says (`kXlaCompileAttr`, tensorflow/compiler/jit/defs.h). */
function forXla(node: GraphNode): GraphNode {
  return { ...node, attr: { ...node.attr, _XlaCompile: { b: true } } };
}

/** What of an entry is needed when its nodes are TensorFlow's. */
type EntryPlaces = Omit<EntryGraph, 'nodes'>;

/** An entry of a program, as it can be called. */
interface CallableEntry {
  readonly graph: EntryPlaces;
  /** Its inputs. */
  readonly specs: TensorSpecs;
}

/** One call of an entry: the results, in their order, are fetched first. */
function entryCall(entry: string, { graph, specs }: CallableEntry, feeds: Readonly<Record<string, Feed>>, targets: Readonly<Record<string, Elements>> = {}): SessionCall {
  const fetches = [...graph.results].map(([name, place]) => ({ place, into: targets[name] }));
  return {
    feeds: checkFeeds(entry, specs, feeds).map(({ name, spec, feed }) => sessionFeed(graph.feeds.get(name)!, spec, elementsOf(feed))), // Every input has a place.
    fetches: [...fetches, ...(graph.completion === null ? [] : [{ place: graph.completion }])],
  };
}

function runEntryInto(session: GraphSession, entry: string, callable: CallableEntry, calls: readonly UntypedCall[]): void {
  const { resultSpecs, completion } = callable.graph;
  checkAtOnce(entry, calls.length, completion !== null);
  for (const { targets } of calls) checkTargets(entry, resultSpecs, targets);
  session.runAll(entry, calls.map(({ inputs, targets }) => entryCall(entry, callable, inputs, targets)));
}

/** What JavaScript made is there already; what an operation of TensorFlow made is copied. */
function elementsOf(feed: Feed): Elements {
  return feed instanceof tf.Tensor ? feed.dataSync() : feed;
}

function sessionFeed(place: string, spec: TensorSpec, elements: Elements): SessionFeed {
  return { place, dtype: dataTypes[dtypeOf(spec)], shape: spec.shape, elements };
}

function resultTensors({ results, resultSpecs }: EntryPlaces, fetched: readonly SessionResult[]): Record<string, tf.Tensor> {
  // One result is fetched for each name, in their order.
  return Object.fromEntries([...results.keys()].map((name, i) => [name, tf.tensor(elementsFrom(fetched[i], resultSpecs[name]!), [...resultSpecs[name]!.shape], dtypeOf(resultSpecs[name]!))]));
}

/** The array that TensorFlow's elements were copied into, once. */
function elementsFrom(result: SessionResult | undefined, spec: TensorSpec): Elements {
  if (!result?.bytes) throw new LangevinError('internal', 'TensorFlow returned no tensor');
  return new arrayOf[dtypeOf(spec)](result.bytes);
}
