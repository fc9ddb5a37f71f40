import { formatCount, formatValue } from '../format/numbers.js';
import { formatTime } from '../format/times.js';
import { cellClass, headClass, tableClass } from '../ui/table-classes.js';
import type { Curve } from './curve.js';

const mostRows = 50;

/** Properties of the table. */
export interface ChartTableProps {
  readonly title: string;
  readonly curve: Curve;
  readonly axis: 'step' | 'time';
  /** CSS pixels, those of the chart. */
  readonly height: number;
}

/** The same curve as a table of at most fifty rows, evenly taken. */
export function ChartTable({ title, curve, axis, height }: ChartTableProps) {
  const stride = Math.max(1, Math.ceil(curve.x.length / mostRows));
  const rows = curve.x.map((_, i) => i).filter((i) => (curve.x.length - 1 - i) % stride === 0);
  const value = (number: number | null | undefined) => (number === null || number === undefined ? '–' : formatValue(number));
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className="overflow-auto" style={{ height }} tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table className={tableClass}>
        <thead className="sticky top-0 bg-surface">
          <tr>
            {[axis, 'value', 'smoothed', 'least', 'greatest'].map((head) => (
              <th key={head} scope="col" className={`${headClass} text-right`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => (
            <tr key={i}>
              <th scope="row" className={`${cellClass} text-right font-normal text-ink-2`}>
                {axis === 'step' ? formatCount(curve.x[i] ?? 0) : formatTime(curve.x[i] ?? 0)}
              </th>
              {[curve.raw, curve.smoothed, curve.min, curve.max].map((column, k) => (
                <td key={k} className={`${cellClass} text-right`}>
                  {value(column[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
