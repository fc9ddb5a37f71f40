import type { RunEvent } from '@langevin/contracts/api';
import { isBeginning, isEnd, type LogEntry, type LogPoint, type ProgressEntry, type RunHistory } from './log-entry.js';
import { mergeHistory } from './merge-history.js';

/** Chooses what a log of a run shows, each thing once, however often and from wherever it is told. */
export class RunLog {
  readonly #every: number;
  #seq = 0;
  /** The newest point of this attempt, and the newest that was shown. */
  #step = 0;
  #shown = 0;
  #hidden: LogPoint | null = null;

  /** @param every a line of progress each so many steps, from 1 on */
  constructor(every: number) {
    this.#every = every;
  }

  /** Lines of what lies behind the run, without those that were given before. */
  history(history: RunHistory): LogEntry[] {
    return mergeHistory(history).flatMap((each) => ('seq' in each ? this.event(each) : this.point(each)));
  }

  /** Lines of an event: none if it was given before. An end is preceded by the last progress. */
  event(event: RunEvent): LogEntry[] {
    if (event.seq <= this.#seq) return [];
    this.#seq = event.seq;
    if (isBeginning(event.kind)) [this.#step, this.#shown, this.#hidden] = [event.step, event.step, null];
    return isEnd(event.kind) ? [...this.rest(), event] : [event];
  }

  /** Lines of a point: none if it was given before, or if it is too early for the next one. */
  point(point: LogPoint): ProgressEntry[] {
    if (point.step <= this.#step) return [];
    this.#step = point.step;
    this.#hidden = point;
    const isDue = Math.floor(point.step / this.#every) > Math.floor(this.#shown / this.#every);
    return isDue ? this.rest() : [];
  }

  /** The newest point, if it was not shown. */
  rest(): ProgressEntry[] {
    if (!this.#hidden) return [];
    const { time, step, loss, gradientNorm, learningRate, imagesPerSecond } = this.#hidden;
    [this.#shown, this.#hidden] = [step, null];
    return [{ kind: 'progress', time, step, loss, gradientNorm, learningRate, imagesPerSecond }];
  }
}

/** How many steps lie between two lines of progress unless it is said: a fiftieth of the job. */
export function stepsPerLine(totalSteps: number): number {
  return Math.max(1, Math.ceil(totalSteps / 50));
}
