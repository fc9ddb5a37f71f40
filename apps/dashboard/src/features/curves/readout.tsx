import { nearestIndex } from '../../charts/curve.js';
import type { Curve } from '../../charts/curve.js';
import type { Marker } from '../../charts/marker.js';
import { formatCount, formatValue } from '../../format/numbers.js';
import { formatTime } from '../../format/times.js';

/** Properties of a readout. */
export interface ReadoutProps {
  readonly curve: Curve;
  /** The point under the cursor; null for the last. */
  readonly index: number | null;
  readonly axis: 'step' | 'time';
  readonly markers: readonly Marker[];
  readonly smoothed: boolean;
}

/** The values under the cursor, or the last ones, and what happened there. */
export function Readout({ curve, index, axis, markers, smoothed }: ReadoutProps) {
  const at = index ?? curve.x.length - 1;
  const x = curve.x[at];
  const raw = curve.raw[at];
  if (x === undefined || raw === null || raw === undefined) return null;
  const average = curve.smoothed[at];
  const marker = index === null ? undefined : markers.findLast((candidate) => nearestIndex(curve.x, candidate.x) === at);
  return (
    <span className="block truncate text-xs">
      {smoothed && average !== null && average !== undefined && (
        <>
          <strong className="font-semibold text-ink">{formatValue(average)}</strong> smoothed ·{' '}
        </>
      )}
      {formatValue(raw)}
      {index === null && ' last'}
      {index !== null && <span> · {axis === 'step' ? `step ${formatCount(x)}` : formatTime(x)}</span>}
      {marker && <span className="text-ink-2"> · {marker.text}</span>}
    </span>
  );
}
