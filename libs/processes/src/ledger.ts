import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a process did, as facts that a separate program can check. */
export interface Ledger {
  /** Whether anybody asked for it: some facts cost time. */
  readonly isOpen: boolean;
  /** Writes a fact down before what follows from it happens. */
  note(fact: object): void;
}

/** Facts as JSON lines in FOLDER/NAME.jsonl, with the time of day in ms and that of a clock that never goes back in µs; nowhere without a folder. */
export function openLedger(folder: string | undefined, name: string): Ledger {
  if (folder === undefined) return { isOpen: false, note: () => undefined };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.jsonl`);
  return { isOpen: true, note: (fact) => appendFileSync(path, `${JSON.stringify({ ...fact, atMs: Date.now(), us: Number(process.hrtime.bigint() / 1000n) })}\n`) };
}
