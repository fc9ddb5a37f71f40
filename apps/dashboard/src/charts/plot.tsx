import { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';

/** What a plot shows of the x axis; an end left out follows the data. */
export interface XRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Properties of a plot. */
export interface PlotProps {
  /** Makes the plot's options; another function makes another plot, so keep it with `useCallback`. */
  readonly options: () => Omit<uPlot.Options, 'width' | 'height'>;
  readonly data: uPlot.AlignedData;
  readonly range: XRange;
  /** CSS pixels. */
  readonly height: number;
  /** What its options draw over the data; another object has it drawn again. */
  readonly over?: object;
  /** What it shows, in a sentence: all that a screen reader gets. */
  readonly summary: string;
}

/** A uPlot chart that fills its container's width and follows its data, range and theme. */
export function Plot({ options, data, range, height, over, summary }: PlotProps) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef({ data, range });
  latest.current = { data, range };

  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return undefined;
    const made = new uPlot({ ...options(), width: element.clientWidth, height }, latest.current.data, element);
    plot.current = made;
    showRange(made, latest.current.range);
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [options, height]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.batch(() => {
      made.setData(data, false);
      showRange(made, { from: range.from, to: range.to });
    });
  }, [data, range.from, range.to]);

  useEffect(() => plot.current?.redraw(false), [over]);

  return <div ref={container} role="img" aria-label={summary} className="w-full min-w-0" style={{ height }} />;
}

function showRange(plot: uPlot, { from, to }: XRange): void {
  const x = plot.data[0];
  const min = from ?? x[0] ?? 0;
  const max = to ?? x.at(-1) ?? 1;
  plot.setScale('x', { min, max: max > min ? max : min + 1 });
}
