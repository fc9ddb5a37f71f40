/** Nats of an image as bits per dimension. */
export function bitsPerDimension(nats: number, elements: number): number {
  return nats / (elements * Math.LN2);
}

/** A mean over images, and how sure it is. */
export interface MeanWithError {
  readonly mean: number;
  /** Standard deviation of the mean: that of the images over √count. NaN for one image. */
  readonly standardError: number;
  readonly count: number;
}

/** The mean of independent values with its standard error. NaN of none. */
export function meanWithError(values: ArrayLike<number>): MeanWithError {
  const count = values.length;
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / count;
  const squares = list.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count), count };
}
