import { LangevinError, type BlobRef } from '@langevin/contracts';
import { createDocument, readDocument } from './documents.js';
import type { ObjectStore } from './object-store.js';

const generationDigits = 8;
const lastGeneration = 10 ** generationDigits - 1;

/** What every value of a register carries. */
export interface RegisterValue {
  /** Unique to one change, for ever: by it a writer whose answer was lost knows its own change again. */
  readonly writeId: string;
}

/** One value that a register has had. */
export interface RegisterEntry<T> {
  /** 1 for the first value, and one more for each change. */
  readonly generation: number;
  readonly value: T;
  /** Digest and size of the value's canonical JSON. */
  readonly ref: BlobRef;
}

/** What became of a change: made, or refused because somebody else changed the register first, to `current`. */
export type SwapResult<T> =
  | { readonly status: 'swapped'; readonly entry: RegisterEntry<T> }
  | { readonly status: 'moved'; readonly current: RegisterEntry<T> };

/**
 * A value that moves by compare-and-swap, made of objects that are created once: generation 7 is the document
 * `<prefix>/00000007.json`, and the newest generation is the value. It needs nothing of the store but the conditional
 * create, and what the value was at any time, and who changed it, stays readable.
 */
export class Register<T extends RegisterValue> {
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #parse: (value: unknown) => T;

  /**
   * @param prefix key under which the generations lie, without a `/` at its end; nothing else may lie there
   * @param parse reads a stored value; throws when it is none
   */
  constructor(store: ObjectStore, prefix: string, parse: (value: unknown) => T) {
    this.#store = store;
    this.#prefix = prefix;
    this.#parse = parse;
  }

  /**
   * The newest value; `undefined` if there has been none.
   * @throws LangevinError `object_corrupt` naming the damaged key
   */
  async read(): Promise<RegisterEntry<T> | undefined> {
    let newest = 0;
    for await (const generation of this.#generations()) newest = generation;
    return newest === 0 ? undefined : this.#entry(newest);
  }

  /**
   * Every value, oldest first.
   * @throws LangevinError `object_corrupt` naming the damaged key
   */
  async *history(): AsyncGenerator<RegisterEntry<T>> {
    for await (const generation of this.#generations()) yield this.#entry(generation);
  }

  /**
   * Changes the value if it is still that of `expectedGeneration` (0: none yet). Of any number of concurrent callers
   * exactly one gets `swapped`. Calling again with the same value after an error is safe: a change that had been made
   * already is known by its `writeId`.
   *
   * @throws LangevinError `invalid_argument` for a generation that the register never had
   */
  async swap(expectedGeneration: number, value: T): Promise<SwapResult<T>> {
    await this.#checkGeneration(expectedGeneration);
    const generation = expectedGeneration + 1;
    const result = await createDocument(this.#store, this.#key(generation), value, { repair: false });
    if (result.status !== 'taken') return { status: 'swapped', entry: { generation, value, ref: result.ref } };
    return { status: 'moved', current: (await this.read()) ?? (await this.#entry(generation)) };
  }

  /** Without gaps a missing generation always means that somebody removed it. */
  async #checkGeneration(expected: number): Promise<void> {
    const isPossible = Number.isInteger(expected) && expected >= 0 && expected < lastGeneration;
    if (isPossible && (expected === 0 || (await this.#store.head(this.#key(expected))) !== undefined)) return;
    throw new LangevinError('invalid_argument', `${this.#store.location}: ${this.#prefix} never had generation ${expected}; read it again`);
  }

  async *#generations(): AsyncGenerator<number> {
    const start = `${this.#prefix}/`;
    for await (const { key } of this.#store.list(start)) {
      const match = /^(\d{8})\.json$/.exec(key.slice(start.length));
      if (match) yield Number(match[1]);
    }
  }

  async #entry(generation: number): Promise<RegisterEntry<T>> {
    const { ref, value } = await readDocument(this.#store, this.#key(generation));
    return { generation, value: this.#parse(value), ref };
  }

  #key(generation: number): string {
    return `${this.#prefix}/${String(generation).padStart(generationDigits, '0')}.json`;
  }
}
