/** A key and what it does on this page. */
export interface Shortcut {
  /** As `KeyboardEvent.key` names it; `mod+k` is Ctrl or Command with K. */
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
}

/** What the book needs to know of a key press. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** The keys that do something on the page that is open. The newest entry of a key counts. Single keys can be switched off (WCAG 2.1.4). */
export class ShortcutBook {
  #entries: readonly Shortcut[] = [];
  readonly #listeners = new Set<() => void>();

  /** The entries now, oldest first. */
  readonly get = (): readonly Shortcut[] => this.#entries;

  /** Calls back after each change; answers what stops that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Adds an entry; answers what takes it out. */
  add(entry: Shortcut): () => void {
    this.#set([...this.#entries, entry]);
    return () => this.#set(this.#entries.filter((other) => other !== entry));
  }

  /** Finds what a key press does. */
  find({ key, ctrlKey, metaKey, altKey }: KeyPress, singleKeys: boolean): Shortcut | undefined {
    const mod = ctrlKey || metaKey;
    if (altKey || (!mod && !singleKeys)) return undefined;
    const wanted = mod ? `mod+${key.toLowerCase()}` : key;
    return this.#entries.findLast((entry) => entry.key === wanted);
  }

  #set(entries: readonly Shortcut[]): void {
    this.#entries = entries;
    for (const listener of this.#listeners) listener();
  }
}
