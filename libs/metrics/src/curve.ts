import type { RunAttempt } from '@langevin/contracts/api';
import type { SegmentName } from './layout.js';
import { MetricColumns } from './metric-columns.js';

/**
 * The one curve of a run that was trained in several attempts. They are replayed in their order: an attempt that continues from a
 * step takes the place of every later row, so that no step is there twice and none is missing.
 */
export class Curve {
  readonly rows = new MetricColumns();
  #at: SegmentName = { attempt: 0, sequence: 0 };

  /** Whether a segment comes after all that were added. */
  isNext({ attempt, sequence }: SegmentName): boolean {
    return attempt > this.#at.attempt || (attempt === this.#at.attempt && sequence > this.#at.sequence);
  }

  /** The newest attempt that began. */
  get attempt(): number {
    return this.#at.attempt;
  }

  /** A later attempt begins. */
  begin({ attempt, fromStep }: Pick<RunAttempt, 'attempt' | 'fromStep'>): void {
    this.rows.truncate(this.rows.lowerBound(fromStep + 1));
    this.#at = { attempt, sequence: 0 };
  }

  /** Adds the next segment, or passes over a damaged one. Of an attempt whose beginning nobody knows, the first row tells it. */
  add(name: SegmentName, segment: MetricColumns | undefined): void {
    if (segment && name.attempt > this.#at.attempt) this.begin({ attempt: name.attempt, fromStep: (segment.column('step')[0] ?? 0) - 1 });
    if (segment) this.rows.append(segment, segment.lowerBound(this.rows.lastStep + 1));
    this.#at = name;
  }
}
