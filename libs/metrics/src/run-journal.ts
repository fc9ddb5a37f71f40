import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { metricPointSchema, runEventKindSchema } from '@langevin/contracts/api';
import { z } from 'zod';

const headSchema = z.object({
  run: z.string(),
  startedAt: z.string(),
  fromStep: z.number(),
  writeId: z.string(),
  events: z.number(),
  sequence: z.object({ rows: z.number(), events: z.number() }),
});
/** What an attempt is, how many of its events are in the store, and what its next keys are. */
export type JournalHead = z.infer<typeof headSchema>;

/** An event that has no number yet but its place within the attempt, from 1 on. */
const draftSchema = z.object({ index: z.number(), time: z.string(), step: z.number(), kind: runEventKindSchema, text: z.string() });
/** An event of an attempt whose number may not be known yet. */
export type DraftEvent = z.infer<typeof draftSchema>;

const entrySchema = z.union([z.object({ point: metricPointSchema }), z.object({ event: draftSchema })]);
/** What happened in an attempt. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** What a journal of an earlier process holds. */
export interface LeftJournal {
  readonly path: string;
  readonly head: JournalHead;
  readonly entries: readonly JournalEntry[];
}

/**
 * A local file with what is not in the store yet: it survives the process, and outages of the store. Each entry is in the hands
 * of the operating system when `add` returns.
 */
export class RunJournal {
  readonly #path: string;
  #file: number;

  /** Begins a journal, or begins it anew without what the store holds now. The old one stays until the new one is whole. */
  constructor(folder: string, head: JournalHead, entries: readonly JournalEntry[] = []) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, `${head.run}.${head.writeId}.jsonl`);
    const draft = `${this.#path}.new`;
    this.#file = openSync(draft, 'w');
    writeSync(this.#file, [head, ...entries].map((each) => `${JSON.stringify(each)}\n`).join(''));
    renameSync(draft, this.#path);
  }

  /** Adds an entry. @throws an error of the file system */
  add(entry: JournalEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** Everything that the journals of a folder hold; what was being written when a process died is dropped. */
  static left(folder: string): LeftJournal[] {
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => read(join(folder, name)) ?? []);
  }

  /** Closes the file and keeps it. */
  close(): void {
    closeSync(this.#file);
  }

  /** Closes the file and forgets it: the store holds everything. */
  remove(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }
}

function read(path: string): LeftJournal | undefined {
  const [first, ...rest] = readFileSync(path, 'utf8').split('\n').map(parseLine);
  const head = headSchema.safeParse(first).data;
  if (!head) return undefined;
  return { path, head, entries: rest.flatMap((line) => entrySchema.safeParse(line).data ?? []) };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Torn, or the empty end of the file: no entry.
    return undefined;
  }
}
