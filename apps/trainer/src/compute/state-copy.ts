import { LangevinError } from '@langevin/contracts';
import type { TrainingVectors } from './state-files.js';

/** The vectors of a state in the order in which a copy has them. */
const order = ['params', 'ema', 'm', 'v'] as const;

/** Bytes of the copy of a state of so many parameters. */
export function stateBytes(parameters: number): number {
  return order.length * parameters * Float32Array.BYTES_PER_ELEMENT;
}

/** The whole state as bytes: every vector, float32 little-endian, one after the other. */
export function joinVectors(vectors: TrainingVectors): Uint8Array<ArrayBuffer> {
  const joined = new Float32Array(order.length * vectors.params.length);
  order.forEach((name, index) => joined.set(vectors[name], index * vectors.params.length));
  return new Uint8Array(joined.buffer);
}

/**
 * The state that `joinVectors` copied.
 * @param state begins at a multiple of four bytes of its buffer
 * @throws LangevinError `invalid_argument` when it is not that of so many parameters
 */
export function cutVectors(state: Uint8Array, parameters: number): TrainingVectors {
  if (state.byteLength !== stateBytes(parameters)) {
    throw new LangevinError('invalid_argument', `the state has ${state.byteLength} bytes, that of ${parameters} parameters has ${stateBytes(parameters)}`);
  }
  const vector = (index: number): Float32Array => new Float32Array(state.buffer, state.byteOffset + 4 * index * parameters, parameters).slice();
  return { params: vector(0), ema: vector(1), m: vector(2), v: vector(3) };
}
