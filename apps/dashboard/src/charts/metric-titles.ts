import type { MetricKey } from '@langevin/contracts/api';

/** What the charts show, in the order in which they stand. */
export const metricTitles = {
  loss: 'Loss',
  learningRate: 'Learning rate',
  gradientNorm: 'Gradient norm',
  imagesPerSecond: 'Images per second',
} as const satisfies Record<MetricKey, string>;

/** The keys of the charts. */
export const shownKeys = ['loss', 'learningRate', 'gradientNorm', 'imagesPerSecond'] as const satisfies readonly MetricKey[];

/** What spans decades, and is shown on a logarithmic axis unless the reader wants none. */
export const spansDecades: ReadonlySet<MetricKey> = new Set(['loss', 'gradientNorm']);

/** What is set, not measured: smoothing would only falsify it. */
export const isExact: ReadonlySet<MetricKey> = new Set(['learningRate']);

/** Smoothing where the address says nothing. */
export const defaultSmoothing = 0.9;
