import { LangevinError } from '@langevin/contracts';
import type { RunAttempt } from '@langevin/contracts/api';
import { createDocument, readDocument, type ObjectStore } from '@langevin/registry';
import { z } from 'zod';
import { attemptKey, attemptsPrefix } from './layout.js';

const attemptSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('attempt'),
  run: z.string(),
  /** When it began to train. */
  startedAt: z.iso.datetime(),
  /** The step that it continued from. */
  fromStep: z.int().min(0),
  /** Tells it from every other attempt: a second writer of the same id means the same attempt. */
  writeId: z.string(),
});
type AttemptRecord = z.infer<typeof attemptSchema>;

/** What an attempt is begun with. */
export type AttemptFacts = Pick<AttemptRecord, 'run' | 'startedAt' | 'fromStep' | 'writeId'>;

/**
 * Gives an attempt the lowest number that was never taken, for ever. Of an attempt that has a number already nothing new is made.
 * @throws LangevinError when the store cannot be read or written
 */
export async function openAttempt(store: ObjectStore, facts: AttemptFacts): Promise<number> {
  const record: AttemptRecord = { schemaVersion: 1, kind: 'attempt', ...facts };
  let number = 1;
  for (const { attempt, writeId } of await readRecords(store, facts.run)) {
    if (writeId === facts.writeId) return attempt;
    number = attempt + 1;
  }
  for (; ; number += 1) {
    const result = await createDocument(store, attemptKey(facts.run, number), record, { repair: false });
    // `same`: the answer to an earlier try of this call had been lost.
    if (result.status !== 'taken') return number;
  }
}

/**
 * The attempts of a run, oldest first. Damaged ones are left out: they would only hide rows.
 * @throws LangevinError when the store cannot be read
 */
export async function readAttempts(store: ObjectStore, run: string): Promise<RunAttempt[]> {
  return (await readRecords(store, run)).map(({ attempt, startedAt, fromStep }) => ({ attempt, startedAt, fromStep }));
}

async function readRecords(store: ObjectStore, run: string): Promise<(AttemptRecord & { attempt: number })[]> {
  const records: (AttemptRecord & { attempt: number })[] = [];
  for await (const { key } of store.list(attemptsPrefix(run))) {
    const attempt = Number(/\/(\d{6})\.json$/.exec(key)?.[1]);
    const record = Number.isNaN(attempt) ? undefined : await readRecord(store, key);
    if (record) records.push({ ...record, attempt });
  }
  return records;
}

async function readRecord(store: ObjectStore, key: string): Promise<AttemptRecord | undefined> {
  try {
    return attemptSchema.safeParse((await readDocument(store, key)).value).data;
  } catch (thrown) {
    if (thrown instanceof LangevinError && thrown.code === 'object_corrupt') return undefined;
    throw thrown;
  }
}
