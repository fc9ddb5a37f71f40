import type { RunEvent } from '@langevin/contracts/api';
import { isBeginning, type LogPoint, type RunHistory } from './log-entry.js';

/**
 * Events and points in the order in which they happened. Points that a later attempt superseded are gone, while their events are
 * still there: those come before the first point of the attempt that began over.
 */
export function mergeHistory({ events, points }: RunHistory): (RunEvent | LogPoint)[] {
  const bounds = pointsBefore(events);
  const merged: (RunEvent | LogPoint)[] = [];
  let next = 0;
  events.forEach((event, index) => {
    for (let point = points[next]; point && point.step <= (bounds[index] ?? 0); point = points[next]) {
      merged.push(point);
      next += 1;
    }
    merged.push(event);
  });
  return [...merged, ...points.slice(next)];
}

/** Up to which step the points that are left lie before each event. */
function pointsBefore(events: readonly RunEvent[]): number[] {
  let bound = Infinity;
  const bounds = events.toReversed().map(({ step, kind }) => {
    const own = Math.min(step, bound);
    if (isBeginning(kind)) bound = own;
    return own;
  });
  return bounds.reverse();
}
