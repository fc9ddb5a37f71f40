import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { BlobRef } from '@langevin/contracts';
import { bodyPieces } from './object-body.js';
import type { ObjectBody } from './object-store.js';

/** The sha256 of some bytes, in lower-case hexadecimal digits. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Digest and size of `body`. Lets other work run after each MiB or so. */
export async function measure(body: ObjectBody): Promise<BlobRef> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of bodyPieces(body)) {
    hash.update(piece);
    size += piece.byteLength;
    await setImmediate();
  }
  return { digest: hash.digest('hex'), size };
}
