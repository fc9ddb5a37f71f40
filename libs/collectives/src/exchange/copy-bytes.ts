/**
 * Copies `from` to the beginning of `to`. Where memory is shared, `set` goes byte by byte unless both sides are aligned alike,
 * at less than 1 GB/s (V8's Relaxed_Memmove); Node's `fill` by a buffer of the same length is one memcpy.
 */
export function copyBytes(from: Uint8Array, to: Uint8Array): void {
  if (from.byteLength > 0) Buffer.from(to.buffer, to.byteOffset, from.byteLength).fill(from);
}
