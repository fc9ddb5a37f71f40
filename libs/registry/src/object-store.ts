/** One object of a store. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** Bytes that come as a stream. `open` may be called again: an adapter retries by reading from the start. */
export interface ObjectSource {
  /** Bytes that the stream yields in all; any other number is an error and nothing is stored. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** What an object is made from. */
export type ObjectBody = Uint8Array | ObjectSource;

/** Bytes `start` to `end`, `end` not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** `exists`: the key was taken and `ifAbsent` was asked for, so nothing was written. */
export type PutResult = 'written' | 'exists';

/** Whether a store can be used, and how much it still takes. */
export interface StoreProbe {
  readonly writable: boolean;
  /** Why it is not writable, and what to do. */
  readonly problem?: string;
  /** Bytes left, where the store knows. */
  readonly freeBytes?: number;
}

/**
 * A flat map from keys to immutable byte strings: what an S3 bucket and a directory have in common. Keys are
 * `/`-separated segments of `a–z 0–9 . _ -`, each starting with a letter or digit; no key may be a folder of another.
 *
 * Every adapter passes `objectStoreContract`. All methods throw LangevinError: `invalid_argument` for a bad key or
 * range, `storage_full` without space, `storage_failed` for whatever else the storage refuses.
 */
export interface ObjectStore {
  /** Where the store is, for people. */
  readonly location: string;

  /** @throws LangevinError `object_missing` */
  get(key: string): Promise<Uint8Array>;

  /**
   * The object, or a part of it, in order.
   * @throws LangevinError `object_missing`; `invalid_argument` for a range beyond the end
   */
  stream(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;

  /** Size of an object; `undefined` if there is none. */
  head(key: string): Promise<ObjectInfo | undefined>;

  /**
   * Stores an object whole or not at all: readers see the old bytes, or none, until the new ones are complete and
   * durable. With `ifAbsent`, of any number of concurrent writers exactly one gets `written`.
   */
  put(key: string, body: ObjectBody, options?: { readonly ifAbsent?: boolean }): Promise<PutResult>;

  /** Takes an object away, for good. One that is not there is fine. */
  remove(key: string): Promise<void>;

  /** Every object whose key starts with `prefix`, in ascending order of keys. */
  list(prefix: string): AsyncIterable<ObjectInfo>;

  /** Tries to write. Never throws. */
  probe(): Promise<StoreProbe>;
}
