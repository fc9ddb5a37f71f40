import { constant, dataTypes, graphShape, placeholder, typeAttribute, type GraphNode } from './graph-node.js';
import { zeroElements, type TensorSpec, type TensorSpecs } from './tensor-spec.js';

/** Names of the nodes that keep the state. */
export const stateNames = {
  handle: (name: string) => `state/${name}`,
  /** Fetch to read the state. */
  value: (name: string) => `state/${name}/value:0`,
  /** Feed, and fetch `written`, to replace the state. */
  feed: (name: string) => `state/${name}/feed:0`,
  written: (name: string) => `state/${name}/written:0`,
  /** Fetch to set all state to zero. */
  cleared: 'state/cleared:0',
} as const;

/** Nodes that hold, read, write and clear the state: one resource variable a piece, in the memory of the session. */
export function stateNodes(state: TensorSpecs): GraphNode[] {
  const pieces = Object.entries(state);
  return [
    ...pieces.flatMap(([name, spec]) => pieceNodes(name, spec)),
    done('state/cleared', pieces.map(([name]) => `state/${name}/clear`)),
  ];
}

function pieceNodes(name: string, spec: TensorSpec): GraphNode[] {
  const at = (part: string) => `state/${name}/${part}`;
  const type = typeAttribute(spec);
  const attr = { dtype: type, shape: { shape: graphShape(spec.shape) }, container: text(''), shared_name: text(name) };
  return [
    { name: stateNames.handle(name), op: 'VarHandleOp', input: [], attr },
    readNode(at('value'), name, spec),
    placeholder(at('feed'), spec),
    assignNode(at('write'), name, at('feed:0'), spec, []),
    done(at('written'), [at('write')]),
    constant(at('extents'), dataTypes.int32, [spec.shape.length], Int32Array.from(spec.shape)),
    constant(at('zero'), type.type, [], zeroElements({ ...spec, shape: [] })),
    { name: at('zeros'), op: 'Fill', input: [at('extents:0'), at('zero:0')], attr: { T: type, index_type: { type: dataTypes.int32 } } },
    assignNode(at('clear'), name, at('zeros:0'), spec, []),
  ];
}

/** A node that reads a piece of state. */
export function readNode(node: string, name: string, spec: TensorSpec): GraphNode {
  return { name: node, op: 'ReadVariableOp', input: [`${stateNames.handle(name)}:0`], attr: { dtype: typeAttribute(spec) } };
}

/** A node that gives a piece of state a new value, after the nodes in `after` have run. */
export function assignNode(node: string, name: string, value: string, spec: TensorSpec, after: readonly string[]): GraphNode {
  const input = [`${stateNames.handle(name)}:0`, value, ...after.map((before) => `^${before}`)];
  return { name: node, op: 'AssignVariableOp', input, attr: { dtype: typeAttribute(spec), validate_shape: { b: false } } };
}

/** A value that is there when the nodes in `after` have run: what a run without results fetches. */
export function done(node: string, after: readonly string[]): GraphNode {
  return constant(node, dataTypes.bool, [], Uint8Array.of(1), after.map((before) => `^${before}`));
}

function text(value: string): { readonly s: Uint8Array } {
  return { s: new TextEncoder().encode(value) };
}
