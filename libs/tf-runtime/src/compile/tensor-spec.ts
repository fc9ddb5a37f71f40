import type * as tf from '@tensorflow/tfjs-core';

/** Types of the tensors that a compiled program takes, keeps and gives. */
export type ElementType = 'float32' | 'int32' | 'bool';

/** What is known about a tensor before it exists. */
export interface TensorSpec {
  readonly shape: readonly number[];
  /** @default 'float32' */
  readonly dtype?: ElementType;
}

/** Named tensors, before they exist. */
export type TensorSpecs = Readonly<Record<string, TensorSpec>>;

/** Elements of a tensor in row-major order; those of `bool` are 0 or 1. */
export type Elements = Float32Array | Int32Array | Uint8Array;

type TensorOfShape<S extends readonly number[]> = number extends S['length']
  ? tf.Tensor
  : S extends readonly []
    ? tf.Scalar
    : S extends readonly [number]
      ? tf.Tensor1D
      : S extends readonly [number, number]
        ? tf.Tensor2D
        : S extends readonly [number, number, number]
          ? tf.Tensor3D
          : S extends readonly [number, number, number, number]
            ? tf.Tensor4D
            : tf.Tensor;

/** The tensors that a set of specifications describes; their rank is known to the compiler where the shape was written out. */
export type TensorsOf<S extends TensorSpecs> = { readonly [K in keyof S]: TensorOfShape<S[K]['shape']> };

/** The typed array that holds the elements of a type. */
export const arrayOf = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** The element type of a specification. */
export function dtypeOf(spec: TensorSpec): ElementType {
  return spec.dtype ?? 'float32';
}

/** How many elements a tensor of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** "float32 [8, 28, 28, 1]", for messages. */
export function describeTensor({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype?: string }): string {
  return `${dtype ?? 'float32'} [${shape.join(', ')}]`;
}

/** Whether both have the same shape and element type. */
export function sameTensor(spec: TensorSpec, tensor: { readonly shape: readonly number[]; readonly dtype: string }): boolean {
  return dtypeOf(spec) === tensor.dtype && spec.shape.length === tensor.shape.length && spec.shape.every((extent, i) => extent === tensor.shape[i]);
}

/** Zeros of an element type. */
export function zeroElements(spec: TensorSpec): Elements {
  const size = sizeOf(spec.shape);
  switch (dtypeOf(spec)) {
    case 'float32':
      return new Float32Array(size);
    case 'int32':
      return new Int32Array(size);
    case 'bool':
      return new Uint8Array(size);
  }
}
