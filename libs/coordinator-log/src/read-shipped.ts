import { LangevinError } from '@langevin/contracts';
import type { ObjectStore } from '@langevin/registry';
import { decodeSegment, parseSegmentKey, segmentKey, segmentsPrefix, type SegmentName } from './log-segments.js';

/** The newest state that a coordinator has shipped to its store. */
export interface ShippedLog {
  /** Term of the coordinator that shipped it. */
  readonly term: number;
  /** What replaces all records before it. */
  readonly snapshot: unknown;
  /** The records after the snapshot, in order, as far as they had been shipped. */
  readonly records: readonly unknown[];
  /** What was left out, and why, for people. */
  readonly warnings: readonly string[];
}

/** Segments may be pruned between being listed and being read; whoever prunes has stored a newer snapshot before. */
const attempts = 5;

/**
 * Reads what the newest coordinator of a store has shipped: the newest snapshot of the highest term that has one, and the records that follow it without a gap.
 * A damaged last segment is left out, with a warning.
 *
 * @returns `undefined` when nothing was ever shipped
 * @throws LangevinError `object_corrupt` naming a damaged segment that others rest on; `storage_unavailable` …
 */
export async function readShipped(store: ObjectStore): Promise<ShippedLog | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readOnce(store);
    } catch (thrown) {
      if (attempt === attempts || !(thrown instanceof LangevinError) || thrown.code !== 'object_missing') throw thrown;
    }
  }
}

async function readOnce(store: ObjectStore): Promise<ShippedLog | undefined> {
  const segments = await newestSegments(store);
  if (!segments) return undefined;
  const [snapshotName, ...following] = segments;
  const first = await readSegment(store, snapshotName);
  if (!first) throw corrupt(store, snapshotName);
  const payloads = [...first];
  const warnings: string[] = [];
  for (const [at, name] of following.entries()) {
    const expected = snapshotName.first + payloads.length;
    const found = name.first === expected ? await readSegment(store, name) : undefined;
    if (found) {
      payloads.push(...found);
      continue;
    }
    const isLast = at === following.length - 1;
    if (name.first === expected && !isLast) throw corrupt(store, name);
    warnings.push(
      name.first === expected
        ? `${store.location}: the last segment of the log, ${segmentKey(name)}, is damaged and was left out`
        : `${store.location}: records ${expected} to ${name.first - 1} of the log of term ${name.term} are missing: it ends before them`,
    );
    break;
  }
  const [snapshot, ...records] = payloads.map((payload) => JSON.parse(payload.toString()) as unknown);
  return { term: snapshotName.term, snapshot, records, warnings };
}

/** The newest snapshot of the highest term that has one, and the segments after it. */
async function newestSegments(store: ObjectStore): Promise<[SegmentName, ...SegmentName[]] | undefined> {
  let newest: [SegmentName, ...SegmentName[]] | undefined;
  for await (const { key } of store.list(segmentsPrefix)) {
    const name = parseSegmentKey(key);
    if (name?.isSnapshot) newest = [name];
    else if (name && newest && newest[0].term === name.term) newest.push(name);
  }
  return newest;
}

async function readSegment(store: ObjectStore, name: SegmentName): Promise<readonly Buffer[] | undefined> {
  return decodeSegment(await store.get(segmentKey(name)), name);
}

function corrupt(store: ObjectStore, name: SegmentName): LangevinError {
  return new LangevinError('object_corrupt', `${store.location}: ${segmentKey(name)} is damaged; restore it from a copy of the store, or start where the log itself lies, in the data folder of the last coordinator`);
}
