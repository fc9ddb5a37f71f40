import type { ObjectStore } from './object-store.js';
import { getBlob } from './blobs.js';
import { blobKey } from './layout.js';

/** The blobs of a store as a source of content: resolves to undefined for a digest that it does not hold. */
export function blobSource(store: ObjectStore): (digest: string) => Promise<Uint8Array | undefined> {
  return async (digest) => {
    const info = await store.head(blobKey(digest));
    return info && getBlob(store, { digest, size: info.size });
  };
}
