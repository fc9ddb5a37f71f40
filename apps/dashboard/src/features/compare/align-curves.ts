import type { MetricSeries } from '@langevin/contracts/api';
import { smooth } from '../../charts/smooth.js';

/** A run's curve under its name. */
export interface NamedCurve {
  readonly name: string;
  readonly series: MetricSeries;
}

/**
 * Puts curves with x values of their own onto one axis: the union of all, ascending.
 * @returns the axis and a column for each curve; undefined (not null) where a curve has no point of its own, so that it is drawn through.
 */
export function alignCurves(curves: readonly NamedCurve[], smoothing: number, positive: boolean): [number[], ...(number | undefined)[][]] {
  const x = [...new Set(curves.flatMap(({ series }) => series.x))].sort((a, b) => a - b);
  const place = new Map(x.map((value, i) => [value, i]));
  const columns = curves.map(({ series }) => {
    const column = new Array<number | undefined>(x.length);
    smooth(series.x, series.last, smoothing).forEach((value, i) => {
      const at = place.get(series.x[i] ?? Number.NaN);
      if (at !== undefined && value !== null && (!positive || value > 0)) column[at] = value;
    });
    return column;
  });
  return [x, ...columns];
}
