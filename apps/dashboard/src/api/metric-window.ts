import type { MetricKey } from '@langevin/contracts/api';
import type { UrlValues } from './endpoint-url.js';

/** The window of a curve that is asked for. */
export interface MetricWindow {
  readonly keys: readonly MetricKey[];
  readonly x: 'step' | 'time';
  /** First and last x to show, in the unit of `x`; left out: from the first, to the newest. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly buckets: number;
}

/** The window as a query of the API. */
export function windowQuery({ keys, ...rest }: MetricWindow): UrlValues {
  return { ...rest, keys: keys.join(',') };
}
