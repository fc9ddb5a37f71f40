import type { RunEvent, RunEventKind } from '@langevin/contracts/api';
import type { LogEntry, LogPoint } from './log-entry.js';
import { logLine } from './log-text.js';
import { RunLog, stepsPerLine } from './run-log.js';

const time = '2026-01-31T17:05:09.123Z';
const event = (seq: number, step: number, kind: RunEventKind): RunEvent => ({ seq, time, step, kind, text: `${kind} at ${step}` });
const point = (step: number): LogPoint => ({ step, time, loss: 1 / step, gradientNorm: 1, learningRate: 0.001, imagesPerSecond: 64 });
const points = (from: number, to: number): LogPoint[] => Array.from({ length: to - from + 1 }, (_, index) => point(from + index));
const short = (entries: readonly LogEntry[]): string => entries.map(({ kind, step }) => `${kind} ${step}`).join(', ');

describe('a log of a run', () => {
  it('puts points between the events of their attempt, and superseded events before the attempt that began over', () => {
    const events = [event(1, 0, 'started'), event(2, 4, 'checkpoint'), event(3, 8, 'checkpoint'), event(4, 9, 'trainer-lost'), event(5, 4, 'resumed'), event(6, 8, 'checkpoint'), event(7, 10, 'succeeded')];
    expect(short(new RunLog(2).history({ events, points: points(1, 10) }))).toBe(
      'started 0, progress 2, progress 4, checkpoint 4, checkpoint 8, trainer-lost 9, resumed 4, progress 6, progress 8, checkpoint 8, progress 10, succeeded 10',
    );
  });

  it('starts over with an attempt that begins at the first step again', () => {
    const events = [event(1, 0, 'started'), event(2, 3, 'failed'), event(3, 0, 'started'), event(4, 2, 'succeeded')];
    expect(short(new RunLog(1).history({ events, points: points(1, 2) }))).toBe('started 0, failed 3, started 0, progress 1, progress 2, succeeded 2');
  });

  it('tells nothing twice, wherever it comes from', () => {
    const log = new RunLog(1);
    const events = [event(1, 0, 'started'), event(2, 2, 'checkpoint')];
    expect(short(log.history({ events, points: points(1, 2) }))).toBe('started 0, progress 1, progress 2, checkpoint 2');
    expect(log.event(event(2, 2, 'checkpoint'))).toEqual([]);
    expect(short([...log.point(point(2)), ...log.point(point(3))])).toBe('progress 3');
    expect(short(log.history({ events: [...events, event(3, 2, 'resumed')], points: points(1, 3) }))).toBe('resumed 2, progress 3');
  });

  it('shows a line each so many steps, and the last step before an end', () => {
    const log = new RunLog(10);
    const shown = [...log.event(event(1, 0, 'started')), ...points(1, 23).flatMap((each) => log.point(each)), ...log.event(event(2, 23, 'failed'))];
    expect(short(shown)).toBe('started 0, progress 10, progress 20, progress 23, failed 23');
    expect(log.rest()).toEqual([]);
    // A coordinator that gives one point for each bucket.
    const coarse = new RunLog(10);
    expect(short([3, 9, 14, 19, 31].flatMap((step) => coarse.point(point(step))))).toBe('progress 14, progress 31');
  });

  it.each([[0, 1], [6, 1], [50, 1], [51, 2], [4000, 80]])('shows a fiftieth of %i steps unless it is told: %i', (totalSteps, every) => {
    expect(stepsPerLine(totalSteps)).toBe(every);
  });
});

describe('a line of a log', () => {
  it('has a time, a step and what happened in columns', () => {
    expect(logLine(event(1, 0, 'trainer-joined'))).toBe('2026-01-31T17:05:09Z        0  trainer-joined  trainer-joined at 0');
    expect(logLine({ kind: 'progress', ...point(40) })).toBe('2026-01-31T17:05:09Z       40  progress        loss 0.02500 · gradient norm 1.00 · 64.0 images/s');
    expect(logLine({ kind: 'progress', ...point(1), time: null, imagesPerSecond: 0 })).toBe('                            1  progress        loss 1.000 · gradient norm 1.00');
  });
});
