/** What the reader chose; `system` follows the device. */
export type ThemeChoice = 'system' | 'light' | 'dark';
/** What is on. */
export type Theme = 'light' | 'dark';

/** What the store needs of a browser. */
export interface ThemeHost {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Whether the device asks for dark. */
  readonly device: Pick<MediaQueryList, 'matches' | 'addEventListener'>;
  /** Shows a theme. */
  readonly show: (theme: Theme) => void;
}

/** What the reader chose and what is on. */
export interface ThemeState {
  readonly choice: ThemeChoice;
  readonly shown: Theme;
}

const key = 'langevin-theme';

/** Keeps the theme: it outlives the page, and follows the device while nothing is chosen. A theme is shown before listeners hear of it. */
export class ThemeStore {
  readonly #host: ThemeHost;
  readonly #listeners = new Set<() => void>();
  #state: ThemeState;

  constructor(host: ThemeHost) {
    this.#host = host;
    this.#state = this.#resolve(readChoice(host.storage));
    host.show(this.#state.shown);
    host.device.addEventListener('change', () => this.#set(this.#resolve(this.#state.choice)));
  }

  /** The state now. */
  readonly get = (): ThemeState => this.#state;

  /** Calls back after each change; answers what stops that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Chooses a theme. */
  choose(choice: ThemeChoice): void {
    this.#host.storage.setItem(key, choice);
    this.#set(this.#resolve(choice));
  }

  #resolve(choice: ThemeChoice): ThemeState {
    return { choice, shown: choice === 'system' ? (this.#host.device.matches ? 'dark' : 'light') : choice };
  }

  #set(state: ThemeState): void {
    this.#state = state;
    this.#host.show(state.shown);
    for (const listener of this.#listeners) listener();
  }
}

function readChoice(storage: ThemeHost['storage']): ThemeChoice {
  const kept = storage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}
