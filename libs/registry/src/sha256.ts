import { createHash } from 'node:crypto';
import type { BlobRef } from '@langevin/contracts';
import { BackgroundHash } from './background-hash.js';
import { bodyPieces, bodySize } from './object-body.js';
import type { ObjectBody } from './object-store.js';

/** Below so many bytes a thread costs more than it brings. */
const worthAThread = 4 << 20;

/** The sha256 of some bytes, in lower-case hexadecimal digits. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A sha256 that grows. Dispose it when `digest` may not be called. */
export interface GrowingHash extends Disposable {
  /** Takes in the next bytes; they may be overwritten when it resolves. One call at a time. */
  update(bytes: Uint8Array): Promise<void> | void;
  /** The digest of all that came, in lower-case hexadecimal digits. */
  digest(): Promise<string> | string;
}

/** A sha256 for about `size` bytes: of many in a thread of its own, so that the event loop stays free. */
export function growingHash(size: number): GrowingHash {
  if (size >= worthAThread) return new BackgroundHash();
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex'), [Symbol.dispose]: () => undefined };
}

/** Digest and size of `body`. Leaves the event loop free. */
export async function measure(body: ObjectBody): Promise<BlobRef> {
  using hash = growingHash(bodySize(body));
  let size = 0;
  for await (const piece of bodyPieces(body)) {
    await hash.update(piece);
    size += piece.byteLength;
  }
  return { digest: await hash.digest(), size };
}
