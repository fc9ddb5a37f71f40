/** How the live stream stands: `lost` while it tries again, `refused` when the token is missing or wrong. */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'refused';

type Listener = () => void;

/** Whether the live stream is there, for everything that shows it. */
export class Connection {
  #state: ConnectionState = 'connecting';
  readonly #listeners = new Set<Listener>();

  /** The state now. */
  readonly get = (): ConnectionState => this.#state;

  /** Calls back after each change; answers what stops that. */
  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sets the state and tells everyone, if it is another one. */
  set(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
