import type { ObjectBody, ObjectStore } from '../object-store.js';

/** What was done to a store, in order. */
export type StoreOperation = 'get' | 'stream' | 'head' | 'put' | 'remove' | 'list';

/** When a process kills itself. */
export interface Death {
  /** Of which operation on the store, counted from 0. */
  readonly operation: number;
  /** `before` it begins; `during` it, half of its bytes having been taken (puts only); `after` it is done and before anybody hears of it. */
  readonly moment: 'before' | 'during' | 'after';
}

/** A store under which its process ends, as kill −9 and a power cut end one: at a chosen operation, without a word. */
export class DeadlyStore implements ObjectStore {
  readonly location: string;
  /** What has been done so far. */
  readonly operations: StoreOperation[] = [];
  readonly #store: ObjectStore;
  readonly #death: Death | undefined;

  /** @param death without it nobody dies, and `operations` tells where one could */
  constructor(store: ObjectStore, death?: Death) {
    this.location = store.location;
    this.#store = store;
    this.#death = death;
  }

  get(key: string): Promise<Uint8Array> {
    return this.#do('get', () => this.#store.get(key));
  }

  head(key: string): ReturnType<ObjectStore['head']> {
    return this.#do('head', () => this.#store.head(key));
  }

  remove(key: string): Promise<void> {
    return this.#do('remove', () => this.#store.remove(key));
  }

  put(key: string, body: ObjectBody, options?: { readonly ifAbsent?: boolean }): ReturnType<ObjectStore['put']> {
    const isFatal = this.#isNow('during');
    return this.#do('put', () => this.#store.put(key, isFatal ? halfOf(body) : body, options));
  }

  async *stream(...args: Parameters<ObjectStore['stream']>): AsyncGenerator<Uint8Array> {
    yield* await this.#do('stream', () => Promise.resolve(this.#store.stream(...args)));
  }

  async *list(prefix: string): ReturnType<ObjectStore['list']> & AsyncGenerator<{ key: string; size: number }> {
    yield* await this.#do('list', () => Promise.resolve(this.#store.list(prefix)));
  }

  probe(): ReturnType<ObjectStore['probe']> {
    return this.#store.probe();
  }

  async #do<T>(operation: StoreOperation, act: () => Promise<T>): Promise<T> {
    const [before, after] = [this.#isNow('before'), this.#isNow('after')];
    if (before) die();
    this.operations.push(operation);
    const result = await act();
    if (after) die();
    return result;
  }

  #isNow(moment: Death['moment']): boolean {
    return this.#death?.moment === moment && this.#death.operation === this.operations.length;
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Half of the bytes of a body; whoever asks for more dies of it. */
function halfOf(body: ObjectBody): ObjectBody {
  const size = body instanceof Uint8Array ? body.byteLength : body.size;
  return {
    size,
    async *open() {
      let left = Math.floor(size / 2);
      for await (const piece of body instanceof Uint8Array ? [body] : body.open()) {
        if (left > 0) yield piece.subarray(0, left);
        left -= piece.byteLength;
        if (left <= 0) die();
      }
    },
  };
}
