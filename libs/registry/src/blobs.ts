import { createHash } from 'node:crypto';
import { LangevinError, type BlobRef } from '@langevin/contracts';
import { blobKey } from './layout.js';
import { fileSource } from './object-body.js';
import type { ObjectBody, ObjectStore } from './object-store.js';
import { measure } from './sha256.js';

/**
 * Stores bytes, or a file given by its path, under their sha256. If they are there already nothing is written, after
 * a check of every byte: a damaged blob is replaced.
 * @throws LangevinError `storage_full`, `storage_failed`; also when the file changes meanwhile
 */
export async function putBlob(store: ObjectStore, content: Uint8Array | string): Promise<BlobRef> {
  const body = typeof content === 'string' ? await fileSource(content) : content;
  const ref = await measure(body);
  const key = blobKey(ref.digest);
  if ((await store.head(key)) === undefined) {
    const result = await store.put(key, checked(body, ref), { ifAbsent: true });
    if (result === 'written') return ref;
  }
  if (!(await isIntact(store, ref))) await store.put(key, checked(body, ref));
  return ref;
}

/**
 * The bytes of a blob, every one of them checked.
 * @throws LangevinError `object_missing`, `object_corrupt`
 */
export async function getBlob(store: ObjectStore, ref: BlobRef): Promise<Uint8Array> {
  const bytes = await store.get(blobKey(ref.digest));
  await verifyBlob(ref, bytes, `${store.location}: ${blobKey(ref.digest)}`);
  return bytes;
}

/**
 * Checks bytes from anywhere against the blob that they should be.
 * @param where whence they came, for the message
 * @throws LangevinError `object_corrupt` with the sizes or digests expected and found
 */
export async function verifyBlob(ref: BlobRef, bytes: Uint8Array, where: string): Promise<void> {
  if (bytes.byteLength !== ref.size) {
    throw new LangevinError('object_corrupt', `${where} is damaged: it has ${bytes.byteLength} bytes instead of ${ref.size}`);
  }
  const { digest } = await measure(bytes);
  if (digest !== ref.digest) {
    throw new LangevinError('object_corrupt', `${where} is damaged: its sha256 is ${digest} instead of ${ref.digest}`);
  }
}

async function isIntact(store: ObjectStore, ref: BlobRef): Promise<boolean> {
  const key = blobKey(ref.digest);
  const found = await measure({ size: ref.size, open: () => store.stream(key) });
  return found.digest === ref.digest;
}

/** A file may change between hashing and storing; under its old digest it must not be stored then. */
function checked(body: ObjectBody, ref: BlobRef): ObjectBody {
  if (body instanceof Uint8Array) return body;
  return { size: ref.size, open: () => verifiedPieces(body.open(), ref) };
}

async function* verifiedPieces(pieces: AsyncIterable<Uint8Array>, ref: BlobRef): AsyncGenerator<Uint8Array> {
  const seen = createHash('sha256');
  for await (const piece of pieces) {
    seen.update(piece);
    yield piece;
  }
  if (seen.digest('hex') !== ref.digest) {
    throw new LangevinError('storage_failed', `a file changed while it was stored as ${ref.digest}; store it again when nothing writes to it`);
  }
}
