import type { ByteRange, ObjectStore } from '@langevin/registry';

/** What a test wants to see or to do while an object is streamed. */
export interface StreamFault {
  /** Told of each stream that is opened. */
  readonly onOpen?: (key: string, range: ByteRange | undefined) => void;
  /** What becomes of each piece of at most `pieceBytes`; `at` is its place in the stream. */
  readonly onPiece?: (piece: Uint8Array, at: number) => Uint8Array;
  /** @default 4096 */
  readonly pieceBytes?: number;
}

/** A store whose streams come in small pieces that a test can watch, change or stop at. */
export function faultyStreams(store: ObjectStore, { onOpen, onPiece = (piece) => piece, pieceBytes = 4096 }: StreamFault): ObjectStore {
  return {
    location: store.location,
    get: (key) => store.get(key),
    head: (key) => store.head(key),
    put: (key, body, options) => store.put(key, body, options),
    remove: (key) => store.remove(key),
    list: (prefix) => store.list(prefix),
    probe: () => store.probe(),
    async *stream(key, range) {
      onOpen?.(key, range);
      let at = 0;
      for await (const whole of store.stream(key, range)) {
        for (let start = 0; start < whole.byteLength; start += pieceBytes) {
          const piece = whole.subarray(start, start + pieceBytes);
          yield onPiece(piece, at);
          at += piece.byteLength;
        }
      }
    },
  };
}
