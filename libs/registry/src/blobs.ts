import { LangevinError, type BlobRef } from '@langevin/contracts';
import { blobKey } from './layout.js';
import { fileSource } from './object-body.js';
import type { ObjectBody, ObjectStore } from './object-store.js';
import { growingHash, measure } from './sha256.js';

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
  const bytes = new Uint8Array(ref.size);
  let at = 0;
  for await (const piece of streamBlob(store, ref)) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/**
 * The bytes of a blob as they come. That they are the right ones is known only at the end: until then nobody may rely on them.
 * @throws LangevinError `object_missing`, `object_corrupt`; never after fewer, nor more, than `ref.size` bytes without saying so
 */
export async function* streamBlob(store: ObjectStore, ref: BlobRef): AsyncGenerator<Uint8Array> {
  const key = blobKey(ref.digest);
  const where = `${store.location}: ${key}`;
  using hash = growingHash(ref.size);
  let size = 0;
  for await (const piece of store.stream(key)) {
    size += piece.byteLength;
    if (size > ref.size) throw wrongSize(ref, where, (await store.head(key))?.size ?? size);
    await hash.update(piece);
    yield piece;
  }
  if (size !== ref.size) throw wrongSize(ref, where, size);
  const digest = await hash.digest();
  if (digest !== ref.digest) throw wrongDigest(ref, where, digest);
}

/**
 * Checks bytes from anywhere against the blob that they should be.
 * @param where whence they came, for the message
 * @throws LangevinError `object_corrupt` with the sizes or digests expected and found
 */
export async function verifyBlob(ref: BlobRef, bytes: Uint8Array, where: string): Promise<void> {
  if (bytes.byteLength !== ref.size) throw wrongSize(ref, where, bytes.byteLength);
  const { digest } = await measure(bytes);
  if (digest !== ref.digest) throw wrongDigest(ref, where, digest);
}

function wrongSize(ref: BlobRef, where: string, size: number): LangevinError {
  return new LangevinError('object_corrupt', `${where} is damaged: it has ${size} bytes instead of ${ref.size}`);
}

function wrongDigest(ref: BlobRef, where: string, digest: string): LangevinError {
  return new LangevinError('object_corrupt', `${where} is damaged: its sha256 is ${digest} instead of ${ref.digest}`);
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
  using seen = growingHash(ref.size);
  for await (const piece of pieces) {
    await seen.update(piece);
    yield piece;
  }
  if ((await seen.digest()) !== ref.digest) {
    throw new LangevinError('storage_failed', `a file changed while it was stored as ${ref.digest}; store it again when nothing writes to it`);
  }
}
