import { LangevinError } from '@langevin/contracts';
import { callerLine } from './caller-line.js';
import { graphShape, type AttributeValue, type GraphNode } from './graph-node.js';
import type { BindingAttribute, BindingTensor, NativeBinding } from './node-backend.js';
import { NodeList, type Endpoint } from './node-list.js';
import type { Elements } from './tensor-spec.js';

/** Operations whose result has a shape that depends on values: a graph of fixed shapes cannot hold them. */
const dynamicShapes = new Set(['Where', 'Unique', 'UniqueV2', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4', 'NonMaxSuppressionV5', 'SparseFillEmptyRows']);

/** Types that the kernels of tfjs leave for TensorFlow to infer: the attribute, by operation, that has the type of the first input. */
const inferredTypes: Readonly<Record<string, string>> = { ExpandDims: 'T', Identity: 'T', LeakyRelu: 'T' };

/** TensorFlow's number of int64, which tfjs itself has no name for. */
const dtInt64 = 9;

/** `refuse` them, or take their present values as a `constant`. */
export type CapturedTensors = 'refuse' | 'constant';

/**
 * Writes down what the kernels of tfjs do while a function runs, as nodes of a graph. It stands in for the native binding:
 * every operation is carried out and recorded. What a graph cannot hold is refused with the line that asked for it.
 */
export class Recorder {
  readonly #list: NodeList;
  readonly #binding: NativeBinding;
  readonly #prefix: string;
  readonly #captured: CapturedTensors;
  readonly #endpoints = new Map<number, Endpoint>();
  readonly #made = new WeakSet<object>();
  #hidesValues = false;

  /**
   * @param prefix of all names of nodes, for example "gradient"
   * @param captured what becomes of tensors that are neither declared nor made while recording
   */
  constructor(binding: NativeBinding, prefix: string, captured: CapturedTensors) {
    this.#binding = binding;
    this.#list = new NodeList(prefix);
    this.#prefix = prefix;
    this.#captured = captured;
  }

  /** What was recorded. Operations that change nothing are left out. */
  get nodes(): readonly GraphNode[] {
    return this.#list.nodes;
  }

  /** Names a tensor that exists already: an input, or a piece of state. */
  declare(id: number, endpoint: Endpoint): void {
    this.#endpoints.set(id, endpoint);
  }

  /** Takes note of values that JavaScript handed over since the recording began: they become constants. */
  noteValues(values: unknown): void {
    if (typeof values === 'object' && values !== null) this.#made.add(values);
  }

  /**
   * Runs a kernel that looks at values only to refuse bad ones: it is shown none. TensorFlow's operation checks them at each
   * run.
   */
  withoutValues<T>(run: () => T): T {
    this.#hidesValues = true;
    try {
      return run();
    } finally {
      this.#hidesValues = false;
    }
  }

  /** The node output that a tensor has become. */
  endpointOf(id: number): Endpoint | undefined {
    return this.#endpoints.get(id) ?? (this.#captured === 'constant' ? this.#takeValues(id) : undefined);
  }

  /** A binding that records: everything else about it is that of the one it was made from. */
  recordingBinding(): NativeBinding {
    const own: Partial<NativeBinding> = {
      createTensor: (shape, dtype, values) => this.#createTensor(shape, dtype, values),
      executeOp: (op, attributes, inputs, outputs, after = []) => this.#executeOp(op, attributes, inputs, outputs, after),
      tensorDataSync: () => (this.#hidesValues ? new Int32Array() : this.#refuse('the data of a tensor was read', 'a compiled function cannot look at values: return the tensor and read it outside')),
    };
    // The native properties are read-only and not enumerable: they can be shadowed, not overwritten or spread.
    const properties = Object.entries(own).map(([name, value]) => [name, { value }]);
    return Object.create(this.#binding, Object.fromEntries(properties) as PropertyDescriptorMap) as NativeBinding;
  }

  #createTensor(shape: readonly number[], dtype: number, values: unknown): number {
    const id = this.#binding.createTensor(shape, dtype, values);
    // Int64 scalars come straight from a kernel, whose values they are.
    const isMade = dtype === dtInt64 || (typeof values === 'object' && values !== null && this.#made.has(values));
    if (isMade || this.#captured === 'constant') this.#addConstant(id, shape, dtype, values);
    return id;
  }

  #addConstant(id: number, shape: readonly number[], dtype: number, values: unknown): Endpoint {
    if (!ArrayBuffer.isView(values)) return this.#refuse('a tensor of strings was made', 'only numbers can be compiled');
    const endpoint = this.#list.constant(dtype, shape, values as Elements); // Which views the binding takes is checked by the binding.
    this.#endpoints.set(id, endpoint);
    return endpoint;
  }

  #takeValues(id: number): Endpoint {
    // The binding tells shape and type of what an operation returns alone.
    const [same] = this.#binding.executeOp('Identity', [], [id], 1);
    if (!same) throw new LangevinError('internal', 'TensorFlow returned no tensor');
    const values = this.#binding.tensorDataSync(same.id);
    this.#binding.deleteTensor(same.id);
    return this.#addConstant(id, same.shape, same.dtype, values);
  }

  #executeOp(op: string, attributes: readonly BindingAttribute[], inputs: readonly number[], outputs: number, after: readonly number[]): BindingTensor[] {
    if (dynamicShapes.has(op)) this.#refuse(`${op} was called`, 'its result has a shape that depends on values, which a compiled function cannot have');
    const endpoint = (id: number): Endpoint =>
      this.endpointOf(id) ??
      this.#refuse(`${op} uses a tensor that is neither an input, nor state, nor made inside`, 'declare it as an input or as state, or compile with captured: "constant"');
    const endpoints = inputs.map(endpoint);
    const before = after.map((id) => `^${endpoint(id).name.replace(/:\d+$/, '')}`);
    const results = this.#binding.executeOp(op, attributes, inputs, outputs);
    const attr = Object.fromEntries(attributes.map((attribute) => [attribute.name, this.#attribute(attribute)]));
    const inferred = inferredTypes[op];
    if (inferred !== undefined && attr[inferred] === undefined && endpoints[0]) attr[inferred] = { type: endpoints[0].dtype };
    const places = this.#list.operation({ op, inputs: endpoints, before, attr, outputs: results });
    results.forEach(({ id }, output) => this.#endpoints.set(id, places[output]!)); // One place an output.
    return results;
  }

  #attribute({ name, type, value }: BindingAttribute): AttributeValue {
    const binding = this.#binding;
    // The binding takes for each TF_ATTR number exactly these JavaScript types, which is what the casts say.
    switch (type) {
      case binding.TF_ATTR_STRING:
        return { s: new TextEncoder().encode(value as string) };
      case binding.TF_ATTR_INT:
        return Array.isArray(value) ? { list: { i: value as number[] } } : { i: value as number };
      case binding.TF_ATTR_FLOAT:
        return Array.isArray(value) ? { list: { f: value as number[] } } : { f: value as number };
      case binding.TF_ATTR_BOOL:
        return Array.isArray(value) ? { list: { b: value as boolean[] } } : { b: Boolean(value) };
      case binding.TF_ATTR_TYPE:
        return { type: value as number };
      case binding.TF_ATTR_SHAPE:
        return { shape: graphShape(value as number[]) };
      default:
        throw new LangevinError('unsupported', `${this.#prefix}: attribute ${name} has a type (${type}) that cannot be compiled`);
    }
  }

  #refuse(what: string, advice: string): never {
    throw new LangevinError('unsupported', `${this.#prefix}: ${what} at ${callerLine()}: ${advice}`);
  }
}
