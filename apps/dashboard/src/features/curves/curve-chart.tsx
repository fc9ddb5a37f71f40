import type { MetricSeries } from '@langevin/contracts/api';
import { Download, Table2 } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { ChartTable } from '../../charts/chart-table.js';
import { chartSummary } from '../../charts/chart-summary.js';
import { curveCsv } from '../../charts/curve-csv.js';
import { curveOptions } from '../../charts/curve-options.js';
import { toCurve } from '../../charts/curve.js';
import type { Marker } from '../../charts/marker.js';
import { Plot } from '../../charts/plot.js';
import { usePalette } from '../../charts/use-palette.js';
import { IconButton } from '../../ui/icon-button.js';
import { Panel } from '../../ui/panel.js';
import { saveText } from '../../ui/save-text.js';
import { Readout } from './readout.js';

const height = 248;
const empty: MetricSeries = { x: [], min: [], max: [], last: [] };

/** How the curves are looked at; the address holds it. */
export interface CurveView {
  readonly x: 'step' | 'time';
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** As in `smooth`. */
  readonly smooth: number;
  readonly log: boolean;
  /** Leaves out what is 0: it was not measured yet. */
  readonly zeroIsUnknown: boolean;
}

/** Properties of a chart. */
export interface CurveChartProps {
  readonly title: string;
  /** Name of the CSV file that can be saved. */
  readonly fileName: string;
  readonly series: MetricSeries | undefined;
  readonly view: CurveView;
  readonly markers: readonly Marker[];
  readonly onZoom: (from: number | undefined, to: number | undefined) => void;
}

/** One metric: its raw values as a ghost with the range of each bucket, and smoothed in front. */
export function CurveChart({ title, fileName, series = empty, view, markers, onZoom }: CurveChartProps) {
  const { x, from, to, smooth, log, zeroIsUnknown } = view;
  const palette = usePalette();
  const [cursor, setCursor] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const curve = useMemo(() => toCurve(series, smooth, log || zeroIsUnknown), [series, smooth, log, zeroIsUnknown]);
  const latest = useRef({ markers, onZoom });
  latest.current = { markers, onZoom };
  const smoothed = smooth > 0;
  const options = useCallback(
    () =>
      curveOptions(
        { palette, x, log, syncKey: `curves-${x}`, onZoom: (...ends) => latest.current.onZoom(...ends), onCursor: setCursor },
        smoothed,
        () => latest.current.markers,
      ),
    [palette, x, log, smoothed],
  );
  // uPlot only reads the columns, but its type asks for mutable ones.
  const data = useMemo(() => [curve.x, curve.max, curve.min, curve.raw, curve.smoothed] as unknown as uPlot.AlignedData, [curve]);
  return (
    <Panel
      title={title}
      note={<Readout curve={curve} index={cursor} axis={x} markers={markers} smoothed={smoothed} />}
      actions={
        <>
          <IconButton label={asTable ? `Show ${title} as a chart` : `View ${title} as table`} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Table2 size={15} aria-hidden />
          </IconButton>
          <IconButton label={`Save ${title} as CSV`} onClick={() => saveText(fileName, curveCsv(curve, x), 'text/csv')}>
            <Download size={15} aria-hidden />
          </IconButton>
        </>
      }
      flush
    >
      {asTable ? (
        <ChartTable title={title} curve={curve} axis={x} height={height} />
      ) : (
        <Plot options={options} data={data} range={{ from, to }} height={height} over={markers} summary={chartSummary(title, curve, x)} />
      )}
    </Panel>
  );
}
