import { LangevinError } from '@langevin/contracts';
import { runEventSchema, type RunEvent } from '@langevin/contracts/api';
import { createDocument, readDocument, type ObjectStore } from '@langevin/registry';
import { z } from 'zod';
import { eventsKey, type SegmentName } from './layout.js';

const eventsSchema = z.strictObject({ schemaVersion: z.literal(1), kind: z.literal('run-events'), events: z.array(runEventSchema) });

/** Events of one attempt have numbers of their own: those of a later attempt are always greater. */
const eventsPerAttempt = 1_000_000;

/** The number of the `index`-th event of an attempt, from 1 on. */
export function eventNumber(attempt: number, index: number): number {
  return attempt * eventsPerAttempt + index;
}

/**
 * Commits some events of an attempt.
 * @returns false when the key is taken by other ones
 * @throws LangevinError when the store cannot be written
 */
export async function sealEvents(store: ObjectStore, run: string, name: SegmentName, events: readonly RunEvent[]): Promise<boolean> {
  const result = await createDocument(store, eventsKey(run, name), { schemaVersion: 1, kind: 'run-events', events });
  return result.status !== 'taken';
}

/**
 * The events of one document; none if it is damaged.
 * @throws LangevinError when the store cannot be read
 */
export async function readSealedEvents(store: ObjectStore, key: string): Promise<readonly RunEvent[]> {
  try {
    return eventsSchema.safeParse((await readDocument(store, key)).value).data?.events ?? [];
  } catch (thrown) {
    if (thrown instanceof LangevinError && thrown.code === 'object_corrupt') return [];
    throw thrown;
  }
}
