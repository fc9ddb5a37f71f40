import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { storageError } from './file-errors.js';
import type { ObjectBody, ObjectSource } from './object-store.js';

/** Bytes read or hashed at a time: enough to keep a disk busy, too few to stall the event loop. */
export const pieceBytes = 1 << 20;

/** Bytes that `body` says it has. */
export function bodySize(body: ObjectBody): number {
  return body instanceof Uint8Array ? body.byteLength : body.size;
}

/** The bytes of `body` in pieces of about 1 MiB. */
export async function* bodyPieces(body: ObjectBody): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Uint8Array)) {
    yield* body.open();
    return;
  }
  for (let at = 0; at < body.byteLength; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
}

/**
 * A file as the body of an object.
 * @throws LangevinError `storage_failed` if it cannot be read
 */
export async function fileSource(path: string): Promise<ObjectSource> {
  try {
    const { size } = await stat(path);
    return { size, open: () => createReadStream(path, { highWaterMark: pieceBytes }) };
  } catch (cause) {
    throw await storageError(cause, path, `reading ${path}`);
  }
}
