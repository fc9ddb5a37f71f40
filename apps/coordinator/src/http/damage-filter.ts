import { LangevinError } from '@langevin/contracts';

/** Documents that are named in the log once; after as many a name may come again. */
const maxNamed = 1000;

/** Leaves damaged documents out of what lists show, and names each in the log, once. */
export class DamageFilter {
  readonly #log: (line: string) => void;
  readonly #named = new Set<string>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** What `read` gives; undefined when a document that it needs is damaged. @throws LangevinError whatever else `read` fails with */
  async whole<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (thrown) {
      if (!(thrown instanceof LangevinError) || thrown.code !== 'object_corrupt') throw thrown;
      this.#name(thrown.message);
      return undefined;
    }
  }

  /** What `read` gives for each item, at once and in their order, without those that are damaged. @throws LangevinError as `whole` */
  async wholeOf<From, To>(items: readonly From[], read: (item: From) => Promise<To>): Promise<To[]> {
    const found = await Promise.all(items.map((item) => this.whole(() => read(item))));
    return found.filter((each) => each !== undefined);
  }

  #name(damage: string): void {
    if (this.#named.has(damage)) return;
    if (this.#named.size >= maxNamed) this.#named.clear();
    this.#named.add(damage);
    this.#log(`left out of what the HTTP API lists: ${damage}`);
  }
}
