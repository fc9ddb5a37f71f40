import { encodeFrame, encodeHeader, scan, type Scan } from './frames.js';
import type { LogEntry } from './coordinator-log.js';

/** Under which the logs of all coordinators of a store lie. */
export const segmentsPrefix = 'v1/coordinator/log/';

const termDigits = 8;
const sequenceDigits = 12;

/** One segment of a shipped log, by its key. */
export interface SegmentName {
  readonly term: number;
  /** Sequence of its first record. */
  readonly first: number;
  /** Whether that record is a snapshot, which replaces all before it. */
  readonly isSnapshot: boolean;
}

/** Keys sort as terms, and within a term as sequences. */
export function segmentKey({ term, first, isSnapshot }: SegmentName): string {
  const sequence = String(first).padStart(sequenceDigits, '0');
  return `${segmentsPrefix}${String(term).padStart(termDigits, '0')}/${sequence}.${isSnapshot ? 'snapshot' : 'records'}`;
}

/** `undefined` for a key that is no segment's. */
export function parseSegmentKey(key: string): SegmentName | undefined {
  const [, term, first, kind] = /^(\d{8})\/(\d{12})\.(snapshot|records)$/.exec(key.slice(segmentsPrefix.length)) ?? [];
  return key.startsWith(segmentsPrefix) && kind !== undefined ? { term: Number(term), first: Number(first), isSnapshot: kind === 'snapshot' } : undefined;
}

/** A segment is what a file of the log is, with the term as its generation. The same entries give the same bytes. */
export function encodeSegment(term: number, entries: readonly [LogEntry, ...LogEntry[]]): Uint8Array {
  return Buffer.concat([encodeHeader({ generation: term, first: entries[0].sequence }), ...entries.map(({ sequence, payload }) => encodeFrame(sequence, 0, payload))]);
}

/** Payloads of a segment; `undefined` when it is damaged, or another one than its key says. */
export function decodeSegment(bytes: Uint8Array, { term, first }: SegmentName): Scan['payloads'] | undefined {
  const found = scan(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!found || found.damage || found.payloads.length === 0) return undefined;
  return found.header.generation === term && found.header.first === first ? found.payloads : undefined;
}
