import { LangevinError, type ErrorCode } from '@langevin/contracts';
import type { ByteRange, ObjectBody, ObjectInfo, ObjectStore, PutResult, StoreProbe } from '@langevin/registry';

/** A real store that a spec takes away, and gives back. */
export class FaultyStore implements ObjectStore {
  /** What every call throws now; null while the store works. */
  fault: ErrorCode | null = null;
  /** Calls that the fault has ended. */
  refused = 0;
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  get location(): string {
    return this.#store.location;
  }

  async get(key: string): Promise<Uint8Array> {
    return this.#working().get(key);
  }

  async *stream(key: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
    yield* this.#working().stream(key, range);
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    return this.#working().head(key);
  }

  async put(key: string, body: ObjectBody, options?: { readonly ifAbsent?: boolean }): Promise<PutResult> {
    return this.#working().put(key, body, options);
  }

  async remove(key: string): Promise<void> {
    return this.#working().remove(key);
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    yield* this.#working().list(prefix);
  }

  probe(): Promise<StoreProbe> {
    return this.#store.probe();
  }

  #working(): ObjectStore {
    if (this.fault === null) return this.#store;
    this.refused++;
    throw new LangevinError(this.fault, `${this.#store.location}: taken away by the spec`);
  }
}
