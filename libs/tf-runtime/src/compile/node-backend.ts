import * as tf from '@tensorflow/tfjs-core';

/** An attribute of an operation, as the kernels of tfjs hand it to the binding. */
export interface BindingAttribute {
  readonly name: string;
  /** One of the binding's TF_ATTR_… numbers. */
  readonly type: number;
  readonly value: unknown;
}

/** A tensor that the binding made. */
export interface BindingTensor {
  readonly id: number;
  readonly shape: number[];
  /** TensorFlow's number of the element type. */
  readonly dtype: number;
}

/** What we use of the native binding of `@tensorflow/tfjs-node-gpu`. */
export interface NativeBinding {
  createTensor(shape: readonly number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  /** @param after tensors that must have been computed before; TensorFlow, which runs one operation at a time, takes no notice of them */
  executeOp(op: string, attributes: readonly BindingAttribute[], inputs: readonly number[], outputs: number, after?: readonly number[]): BindingTensor[];
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

/**
 * What we use of the backend of `@tensorflow/tfjs-node-gpu`. `move` sees all values that JavaScript hands over;
 * `getInputTensorIds` and `createOutputTensor` are private in its types: the one gives a tensor's id in the binding, after handing delayed
 * values over, the other makes a tensor of what the binding returned.
 */
export interface NodeBackend {
  binding: NativeBinding;
  move(dataId: object, values: unknown, shape: readonly number[], dtype: string, refCount: number): void;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(tensor: BindingTensor): tf.TensorInfo;
}

/** The native backend when it is the one that computes, else null. */
export function activeNodeBackend(): NodeBackend | null {
  if (tf.getBackend() !== 'tensorflow') return null;
  // The class behind this name is that of tfjs-node-gpu, whose members are declared above.
  return tf.backend() as unknown as NodeBackend;
}
