import { constant, type GraphNode } from './graph-node.js';
import type { Elements } from './tensor-spec.js';

/** One result of a node. */
export interface Endpoint {
  /** "node:output" */
  readonly name: string;
  /** TensorFlow's number of the element type. */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** An operation as it is carried out. */
export interface RecordedOperation {
  readonly op: string;
  readonly inputs: readonly Endpoint[];
  /** "^node" for each that must have run before. */
  readonly before: readonly string[];
  readonly attr: GraphNode['attr'];
  readonly outputs: readonly { readonly dtype: number; readonly shape: readonly number[] }[];
}

/** Constants of no more bytes than this are compared with those before. */
const comparedBytes = 256;

/**
 * The nodes of an entry in the order of their recording, less those that would do nothing: a result that has the very elements, type and
 * shape of another is that other. No bit of what is computed changes by that.
 */
export class NodeList {
  readonly nodes: GraphNode[] = [];
  readonly #prefix: string;
  /** By what they are: small constants, and tensors in another shape. */
  readonly #known = new Map<string, Endpoint>();
  /** Of a tensor in another shape: the tensor. */
  readonly #reshaped = new Map<string, Endpoint>();
  #recorded = 0;

  /** @param prefix of all names of nodes */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** A tensor that is the same at each run. */
  constant(dtype: number, shape: readonly number[], values: Elements): Endpoint {
    const make = () => {
      const name = this.#name('Const');
      this.nodes.push(constant(name, dtype, shape, values));
      return { name: `${name}:0`, dtype, shape };
    };
    return values.byteLength > comparedBytes ? make() : this.#once(`Const ${dtype} [${shape.join()}] ${Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')}`, make);
  }

  /** The results of an operation. */
  operation(operation: RecordedOperation): readonly Endpoint[] {
    const { op, inputs, before, outputs } = operation;
    const [input] = inputs;
    const [output] = outputs;
    if (!input || !output || before.length > 0) return this.#push(operation);
    if (op === 'Identity' || (op === 'Cast' && input.dtype === output.dtype)) return [input];
    return op === 'Reshape' ? [this.#reshape(operation, input, output.shape)] : this.#push(operation);
  }

  #reshape(operation: RecordedOperation, input: Endpoint, shape: readonly number[]): Endpoint {
    const source = this.#reshaped.get(input.name) ?? input;
    if (String(source.shape) === String(shape)) return source;
    return this.#once(`Reshape ${source.name} [${shape.join()}]`, () => {
      const [result] = this.#push({ ...operation, inputs: [source, ...operation.inputs.slice(1)] });
      this.#reshaped.set(result!.name, source); // It has one output.
      return result!;
    });
  }

  #push({ op, inputs, before, attr, outputs }: RecordedOperation): Endpoint[] {
    const name = this.#name(op);
    this.nodes.push({ name, op, input: [...inputs.map((input) => input.name), ...before], attr });
    return outputs.map(({ dtype, shape }, output) => ({ name: `${name}:${output}`, dtype, shape: [...shape] }));
  }

  #once(key: string, make: () => Endpoint): Endpoint {
    const found = this.#known.get(key) ?? make();
    this.#known.set(key, found);
    return found;
  }

  #name(op: string): string {
    return `${this.#prefix}/${op}_${this.#recorded++}`;
  }
}
