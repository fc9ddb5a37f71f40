import { dataTypes, identity, placeholder, type GraphNode } from './graph-node.js';
import type { NodeBackend } from './node-backend.js';
import type { EntryFunction } from './program.js';
import type { CapturedTensors } from './recorder.js';
import { assignNode, done, readNode } from './state-nodes.js';
import { dtypeOf, type TensorSpecs } from './tensor-spec.js';
import { traceEntry } from './trace-entry.js';

/** An entry as nodes, and what to feed and to fetch when it runs. */
export interface EntryGraph {
  readonly nodes: readonly GraphNode[];
  /** "node:output" by name of the input. */
  readonly feeds: ReadonlyMap<string, string>;
  /** "node:output" by name of the result, in the order of the results. */
  readonly results: ReadonlyMap<string, string>;
  /** What the results are. */
  readonly resultSpecs: TensorSpecs;
  /** To be fetched besides the results when the entry changes state. */
  readonly completion: string | null;
}

/** What {@link entryGraph} makes a graph of. */
export interface EntrySource {
  readonly name: string;
  readonly run: EntryFunction;
  readonly inputs: TensorSpecs;
  readonly state: TensorSpecs;
  readonly captured: CapturedTensors;
}

/**
 * Traces an entry and surrounds it with its inputs, the reads of state and the assignments. An assignment waits for
 * all reads, results and new values.
 * @throws LangevinError as `traceEntry`
 */
export function entryGraph(backend: NodeBackend, { name: entry, run, inputs, state, captured }: EntrySource): EntryGraph {
  const at = (part: string) => `${entry}/${part}`;
  const endpoints = { input: (name: string) => at(`input/${name}:0`), state: (name: string) => at(`read/${name}:0`) };
  const { nodes, results, updates } = traceEntry(backend, { name: entry, run, inputs, state, captured, endpoints });
  const changes = updates.length > 0;
  const used = new Set([...nodes.flatMap((node) => node.input), ...results.map(({ endpoint }) => endpoint), ...updates.map(({ endpoint }) => endpoint)]);
  const reads = Object.keys(state).filter((name) => used.has(endpoints.state(name))).map((name) => at(`read/${name}`));
  // Also after every new value and result has been computed: a run that fails half-way changes nothing.
  const before = [...new Set([...reads, ...[...updates, ...results].map(({ endpoint }) => endpoint.replace(/:\d+$/, ''))])];
  const all: GraphNode[] = [
    ...Object.entries(inputs).map(([name, spec]) => placeholder(at(`input/${name}`), spec)),
    ...Object.entries(state).map(([name, spec]) => readNode(at(`read/${name}`), name, spec)),
    ...nodes,
    ...results.map(({ name, endpoint, spec }) => identity(at(`result/${name}`), endpoint, dataTypes[dtypeOf(spec)])),
    ...updates.map(({ name, endpoint, spec }) => assignNode(at(`assign/${name}`), name, endpoint, spec, before)),
    ...(changes ? [done(at('done'), updates.map(({ name }) => at(`assign/${name}`)))] : []),
  ];
  const fetches = [...results.map(({ name }) => at(`result/${name}`)), ...(changes ? [at('done')] : [])];
  return {
    nodes: reachable(all, fetches),
    feeds: new Map(Object.keys(inputs).map((name) => [name, endpoints.input(name)])),
    results: new Map(results.map(({ name }) => [name, at(`result/${name}:0`)])),
    resultSpecs: Object.fromEntries(results.map(({ name, spec }) => [name, spec])),
    completion: changes ? at('done:0') : null,
  };
}

/** The nodes that the fetched ones depend on, and all placeholders: every input can be fed, used or not. */
function reachable(nodes: readonly GraphNode[], fetches: readonly string[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set<string>();
  const visit = [...fetches];
  for (let name = visit.pop(); name !== undefined; name = visit.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    for (const input of byName.get(name)?.input ?? []) visit.push(input.replace(/^\^|:\d+$/g, ''));
  }
  return nodes.filter((node) => needed.has(node.name) || node.op === 'Placeholder');
}
