import type { Curve } from './curve.js';

/** The curve in view as CSV (RFC 4180): one row a bucket. */
export function curveCsv({ x, raw, min, max }: Curve, axis: 'step' | 'time'): string {
  const cell = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));
  const rows = x.map((at, i) => [at, cell(raw[i]), cell(min[i]), cell(max[i])].join(','));
  return [`${axis},last,min,max`, ...rows, ''].join('\r\n');
}
