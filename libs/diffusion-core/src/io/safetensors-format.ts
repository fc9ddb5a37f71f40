/** Element types of the safetensors format, and the bytes of one element. */
export const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

/** An element type of the safetensors format. */
export type SafetensorsDtype = keyof typeof bytesPerElement;

/** A tensor in a safetensors file. */
export interface SafetensorsTensor {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** The elements in row-major order, little-endian. */
  readonly data: Uint8Array;
}

/** What a safetensors file holds. */
export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: readonly SafetensorsTensor[];
  /** The `__metadata__` block. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The key of the header that is no tensor. */
export const metadataKey = '__metadata__';

/** Longest header that the reference implementation reads. */
export const maxHeaderBytes = 100_000_000;

/** Whether `dtype` names an element type. */
export function isSafetensorsDtype(dtype: unknown): dtype is SafetensorsDtype {
  return typeof dtype === 'string' && Object.hasOwn(bytesPerElement, dtype);
}

/** Elements in a tensor of `shape`; unsafe when larger than 2⁵³−1. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
