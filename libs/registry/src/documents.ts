import { LangevinError, canonicalJson, type BlobRef } from '@langevin/contracts';
import { getBlob, putBlob } from './blobs.js';
import { blobKey } from './layout.js';
import type { ObjectStore } from './object-store.js';

/** A JSON value under a key, and the blob that holds its canonical bytes. The blob's digest is the value's identity. */
export interface StoredDocument {
  readonly ref: BlobRef;
  readonly value: unknown;
}

/**
 * What became of a document: `created`; `same`, the key held this value already; `repaired`, what the key held was
 * damaged and has been replaced; or `taken`, the key holds another value, which stays.
 */
export type CreateResult =
  | { readonly status: 'created' | 'same' | 'repaired'; readonly ref: BlobRef }
  | { readonly status: 'taken'; readonly ref: BlobRef; readonly existing: unknown };

/**
 * Commits a JSON value to a key, once and for ever. The value becomes a blob in canonical JSON, and the key holds
 * only that blob's digest and size, so that every bit of a document can be checked and the digest alone finds it
 * again. Creating the key is the commit: before it nothing refers to the blob.
 *
 * @param options.repair whether a damaged document at the key gives way to this one. @default true
 * @throws LangevinError `object_corrupt` for a damaged document that must not give way
 */
export async function createDocument(
  store: ObjectStore,
  key: string,
  value: unknown,
  { repair = true }: { readonly repair?: boolean } = {},
): Promise<CreateResult> {
  const ref = await putBlob(store, encode(value));
  const pointer = encode(ref);
  if ((await store.put(key, pointer, { ifAbsent: true })) === 'written') return { status: 'created', ref };
  const existing = repair ? await readIfIntact(store, key) : await readDocument(store, key);
  if (existing === undefined) {
    await store.put(key, pointer);
    return { status: 'repaired', ref };
  }
  return existing.ref.digest === ref.digest ? { status: 'same', ref } : { status: 'taken', ref: existing.ref, existing: existing.value };
}

/**
 * The value at a key, checked bit by bit.
 * @throws LangevinError `object_missing` if the key is free; `object_corrupt` naming the damaged key
 */
export async function readDocument(store: ObjectStore, key: string): Promise<StoredDocument> {
  const ref = parsePointer(await store.get(key), `${store.location}: ${key}`);
  try {
    return { ref, value: await readJson(store, ref) };
  } catch (thrown) {
    if (!(thrown instanceof LangevinError) || !['object_missing', 'object_corrupt'].includes(thrown.code)) throw thrown;
    // Its size may be what is wrong: then the key is damaged and the blob is not.
    const what = thrown.code === 'object_missing' ? `${store.location}: ${key} is damaged: it points to ${blobKey(ref.digest)}, which is not there` : `${key}: ${thrown.message}`;
    throw new LangevinError('object_corrupt', what, { cause: thrown });
  }
}

/**
 * The value of a document by the digest of its canonical JSON, whatever its key.
 * @throws LangevinError `object_missing`, `object_corrupt`
 */
export async function readDocumentByDigest(store: ObjectStore, digest: string): Promise<unknown> {
  const info = await store.head(blobKey(digest));
  return readJson(store, { digest, size: info?.size ?? 0 });
}

async function readIfIntact(store: ObjectStore, key: string): Promise<StoredDocument | undefined> {
  try {
    return await readDocument(store, key);
  } catch (thrown) {
    if (thrown instanceof LangevinError && thrown.code === 'object_corrupt') return undefined;
    throw thrown;
  }
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

async function readJson(store: ObjectStore, ref: BlobRef): Promise<unknown> {
  const text = new TextDecoder().decode(await getBlob(store, ref));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LangevinError('object_corrupt', `${store.location}: ${blobKey(ref.digest)} is no JSON document`, { cause });
  }
}

/** The pattern admits exactly the bytes that `createDocument` writes: any flipped bit is noticed here or at the blob. */
function parsePointer(bytes: Uint8Array, where: string): BlobRef {
  const match = /^\{"digest":"([0-9a-f]{64})","size":(0|[1-9]\d{0,14})\}$/.exec(new TextDecoder().decode(bytes));
  const [, digest, size] = match ?? [];
  if (digest === undefined || size === undefined) throw new LangevinError('object_corrupt', `${where} is damaged: it is no reference to a blob`);
  return { digest, size: Number(size) };
}
