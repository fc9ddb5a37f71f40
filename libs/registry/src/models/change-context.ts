/** Who changes the registry, when, and under which id: what a change records besides itself. */
export interface ChangeContext {
  /** Who, for people: `ann@workstation`. */
  readonly actor: string;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** An id that nobody else makes, e.g. a UUID: it tells this change from every other one. */
  readonly newId: () => string;
}
