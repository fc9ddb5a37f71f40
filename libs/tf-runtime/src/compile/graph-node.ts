import { dtypeOf, type Elements, type ElementType, type TensorSpec } from './tensor-spec.js';

/** TensorFlow's numbers of element types (tensorflow/core/framework/types.proto). */
export const dataTypes = { float32: 1, int32: 3, bool: 10 } as const satisfies Record<ElementType, number>;

/** A shape in a graph; all its extents are known. */
export interface GraphShape {
  readonly dim: readonly { readonly size: number }[];
}

/** An attribute of a node: one of the fields of `AttrValue` (tensorflow/core/framework/attr_value.proto). */
export type AttributeValue =
  | { readonly s: Uint8Array }
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly type: number }
  | { readonly shape: GraphShape }
  | { readonly tensor: GraphTensor }
  | { readonly list: { readonly i: readonly number[] } | { readonly f: readonly number[] } | { readonly b: readonly boolean[] } };

/** The value of a constant. */
export interface GraphTensor {
  readonly dtype: number;
  readonly tensorShape: GraphShape;
  /** Elements, little-endian and row-major. */
  readonly tensorContent: Uint8Array;
}

/** A node of a TensorFlow graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** "node:output", or "^node" for one that must have run before. */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeValue>>;
}

/** A shape as a graph has it. */
export function graphShape(shape: readonly number[]): GraphShape {
  return { dim: shape.map((size) => ({ size })) };
}

/** A node that is fed at each run. */
export function placeholder(name: string, spec: TensorSpec): GraphNode {
  return { name, op: 'Placeholder', input: [], attr: { dtype: typeAttribute(spec), shape: { shape: graphShape(spec.shape) } } };
}

/** A node that gives the same value at each run. The bytes are copied: nothing that happens to `values` changes the graph. */
export function constant(name: string, dtype: number, shape: readonly number[], values: Elements, control: readonly string[] = []): GraphNode {
  const tensorContent = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  return { name, op: 'Const', input: control, attr: { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: graphShape(shape), tensorContent } } } };
}

/** A node that passes its input on. */
export function identity(name: string, input: string, dtype: number): GraphNode {
  return { name, op: 'Identity', input: [input], attr: { T: { type: dtype } } };
}

/** The attribute that gives a node its element type. */
export function typeAttribute(spec: TensorSpec): { readonly type: number } {
  return { type: dataTypes[dtypeOf(spec)] };
}
