import type uPlot from 'uplot';
import { stepLabels, valueLabels } from './axis-labels.js';
import type { Palette } from './palette.js';

/** What every chart shares. */
export interface SharedOptions {
  readonly palette: Palette;
  readonly x: 'step' | 'time';
  readonly log: boolean;
  /** Charts of one key move their cursors together. */
  readonly syncKey: string;
  readonly onZoom: (from: number | undefined, to: number | undefined) => void;
  /** Index of the point under the cursor; null when it leaves. */
  readonly onCursor: (index: number | null) => void;
}

type Shared = Pick<uPlot.Options, 'cursor' | 'scales' | 'axes' | 'hooks' | 'legend' | 'padding' | 'ms'>;

/** Axes, cursor and zoom that all charts have. */
export function sharedOptions({ palette, x, log, syncKey, onZoom, onCursor }: SharedOptions): Shared {
  return {
    // Times are milliseconds.
    ms: 1,
    legend: { show: false },
    padding: [8, 10, 0, 0],
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      sync: { key: syncKey, scales: ['x', null] },
      bind: {
        dblclick: () => () => {
          onZoom(undefined, undefined);
          return null;
        },
      },
    },
    scales: { x: { time: x === 'time', auto: false }, y: log ? { distr: 3 } : { range: paddedRange } },
    axes: [xAxis(palette, x), yAxis(palette)],
    hooks: { setSelect: [(plot) => zoomToSelection(plot, onZoom)], setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

function zoomToSelection(plot: uPlot, onZoom: SharedOptions['onZoom']): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const from = Math.floor(plot.posToVal(left, 'x'));
  const to = Math.ceil(plot.posToVal(left + width, 'x'));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  // The picture zooms at once; finer buckets follow.
  plot.setScale('x', { min: from, max: to });
  onZoom(from, to);
}

function paddedRange(_: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  const padding = max > min ? (max - min) * 0.06 : Math.abs(max) * 0.1 || 1;
  return [min >= 0 ? Math.max(0, min - padding) : min - padding, max + padding];
}

const font = (size: number) => `${size}px Inter, system-ui, sans-serif`;

function xAxis(palette: Palette, x: 'step' | 'time'): uPlot.Axis {
  return {
    stroke: palette.quiet,
    font: font(11),
    size: 26,
    gap: 4,
    space: 72,
    grid: { show: false },
    ticks: { stroke: palette.line, width: 1, size: 4 },
    ...(x === 'step' ? { values: (_: uPlot, splits: number[]) => stepLabels(splits), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7] } : {}),
  };
}

function yAxis(palette: Palette): uPlot.Axis {
  return {
    stroke: palette.quiet,
    font: font(11),
    size: 52,
    gap: 6,
    space: 36,
    grid: { stroke: palette.line, width: 1 },
    ticks: { show: false },
    values: (_, splits) => valueLabels(splits),
  };
}
