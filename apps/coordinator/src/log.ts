/** Where the coordinator says what it does: one line an event. */
export type Log = (line: string) => void;
