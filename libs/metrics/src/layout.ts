import { LangevinError } from '@langevin/contracts';
import { runKey } from '@langevin/registry';

const digitsOf = 6;

/** A segment of the curves of a run: the `sequence`-th of its `attempt`-th attempt, both from 1 on. */
export interface SegmentName {
  readonly attempt: number;
  readonly sequence: number;
}

/** Under which everything of a run lies. @throws LangevinError `invalid_argument` for what is no name of a run */
function runFolder(run: string): string {
  return runKey(run).slice(0, -'run.json'.length);
}

/** Under which the curves of a run lie. */
export function metricsPrefix(run: string): string {
  return `${runFolder(run)}metrics/`;
}

/** Key of a segment: a Parquet file. */
export function segmentKey(run: string, { attempt, sequence }: SegmentName): string {
  return `${metricsPrefix(run)}${padded(attempt)}-${padded(sequence)}.parquet`;
}

/** Which segment lies at a key; `undefined` for any other key. */
export function segmentOfKey(key: string): SegmentName | undefined {
  const [, attempt, sequence] = /\/metrics\/(\d{6})-(\d{6})\.parquet$/.exec(key) ?? [];
  return attempt === undefined || sequence === undefined ? undefined : { attempt: Number(attempt), sequence: Number(sequence) };
}

/** Under which the attempts of a run lie. */
export function attemptsPrefix(run: string): string {
  return `${runFolder(run)}attempts/`;
}

/** Key of the document that says when and where an attempt began. */
export function attemptKey(run: string, attempt: number): string {
  return `${attemptsPrefix(run)}${padded(attempt)}.json`;
}

/** Under which the events of a run lie. */
export function eventsPrefix(run: string): string {
  return `${runFolder(run)}events/`;
}

/** Key of a document with some events of an attempt. */
export function eventsKey(run: string, { attempt, sequence }: SegmentName): string {
  return `${eventsPrefix(run)}${padded(attempt)}-${padded(sequence)}.json`;
}

function padded(value: number): string {
  if (Number.isInteger(value) && value >= 1 && value < 10 ** digitsOf) return String(value).padStart(digitsOf, '0');
  throw new LangevinError('invalid_argument', `${value} is not an integer from 1 to ${10 ** digitsOf - 1}`);
}
