import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { seriesColour } from '../../charts/palette.js';
import { Plot } from '../../charts/plot.js';
import { sharedOptions } from '../../charts/plot-options.js';
import { usePalette } from '../../charts/use-palette.js';
import { formatCount, formatValue } from '../../format/numbers.js';
import { useTheme } from '../../theme/use-theme.js';
import { IconButton } from '../../ui/icon-button.js';
import { alignCurves } from './align-curves.js';
import type { NamedCurve } from './align-curves.js';

/** Properties of the chart. */
export interface CompareChartProps {
  readonly title: string;
  readonly curves: readonly NamedCurve[];
  readonly view: { readonly log: boolean; readonly smooth: number; readonly from: number | undefined; readonly to: number | undefined };
  readonly onZoom: (from: number | undefined, to: number | undefined) => void;
  readonly onRemove: (name: string) => void;
}

const none: readonly NamedCurve[] = [];

/** One metric of several runs, and a legend with the values under the cursor. */
export function CompareChart({ title, curves, view, onZoom, onRemove }: CompareChartProps) {
  const { log, smooth, from, to } = view;
  const palette = usePalette();
  const dark = useTheme().shown === 'dark';
  const [cursor, setCursor] = useState<number | null>(null);
  const names = curves.map(({ name }) => name).join('\n');
  const latest = useRef(onZoom);
  latest.current = onZoom;
  const options = useCallback(
    () => ({
      ...sharedOptions({ palette, x: 'step', log, syncKey: 'compare', onZoom: (...ends) => latest.current(...ends), onCursor: setCursor }),
      series: [
        {},
        ...names.split('\n').map((label, i) => ({ label, stroke: seriesColour(i, dark), width: 1.4, points: { show: false }, spanGaps: true })),
      ],
    }),
    [palette, log, names, dark],
  );
  const columns = useMemo(() => alignCurves(curves, smooth, log), [curves, smooth, log]);
  // The curves first, then the list of them.
  const listed = useDeferredValue(curves, none);
  // uPlot's type knows no undefined in columns, which to it means: no point here.
  const data = columns as unknown as uPlot.AlignedData;
  return (
    <>
      <Plot options={options} data={data} range={{ from, to }} height={420} summary={`${title} of ${curves.length} runs; the list below has the values.`} />
      <CompareLegend curves={listed} columns={columns} cursor={cursor} onRemove={onRemove} />
    </>
  );
}

interface CompareLegendProps extends Pick<CompareChartProps, 'curves' | 'onRemove'> {
  readonly columns: ReturnType<typeof alignCurves>;
  /** Place on the axis; null for the last one. */
  readonly cursor: number | null;
}

/** The runs with their colours and their values under the cursor. */
function CompareLegend({ curves, columns, cursor, onRemove }: CompareLegendProps) {
  const dark = useTheme().shown === 'dark';
  const at = cursor ?? columns[0].length - 1;
  return (
    <ul className="grid border-t border-line sm:grid-cols-2 xl:grid-cols-3" aria-label={cursor === null ? 'Last values' : `Values at step ${formatCount(columns[0][at] ?? 0)}`}>
      {curves.map(({ name, series }, i) => (
        <li key={name} className="flex h-9 min-w-0 items-center gap-2 px-3">
          <span aria-hidden="true" className="h-0.5 w-4 shrink-0 rounded" style={{ background: seriesColour(i, dark) }} />
          <Link to="/runs/$run" params={{ run: name }} className="min-w-0 truncate hover:underline">
            {name}
          </Link>
          <span className="ml-auto text-ink-2">{valueAt(columns[i + 1], at, series.last.at(-1))}</span>
          <IconButton label={`Leave out ${name}`} onClick={() => onRemove(name)}>
            <X size={14} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

/** The curve's value at a place, or its last one before. */
function valueAt(column: readonly (number | undefined)[] | undefined, at: number, otherwise: number | undefined): string {
  for (let i = at; i >= 0 && column; i--) {
    const value = column[i];
    if (value !== undefined) return formatValue(value);
  }
  return otherwise === undefined ? '–' : formatValue(otherwise);
}
