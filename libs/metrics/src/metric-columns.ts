import type { MetricKey, MetricPoint } from '@langevin/contracts/api';

/** Names of the columns: `time` is in milliseconds since 1970. */
export const columnNames = ['step', 'time', 'loss', 'gradientNorm', 'learningRate', 'imagesPerSecond'] as const satisfies readonly ('step' | 'time' | MetricKey)[];
/** Name of a column. */
export type ColumnName = (typeof columnNames)[number];

/** Rows by column, which grow at their end. Steps ascend strictly, times never fall. */
export class MetricColumns {
  #arrays: Record<ColumnName, Float64Array>;
  #length = 0;

  /** @param capacity rows that fit in before it must grow */
  constructor(capacity = 64) {
    this.#arrays = columnsOf(() => new Float64Array(capacity));
  }

  /** Rows whose columns exist already; it takes the arrays as they are. */
  static from(column: (name: ColumnName) => Float64Array, length: number): MetricColumns {
    const rows = new MetricColumns(0);
    rows.#arrays = columnsOf(column);
    rows.#length = length;
    rows.#keepTimeFrom(0);
    return rows;
  }

  /** How many rows there are. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that it holds in memory. */
  get byteLength(): number {
    return columnNames.length * this.#arrays.step.byteLength;
  }

  /** One column: a view, which later rows do not appear in. */
  column(name: ColumnName): Float64Array {
    return this.#arrays[name].subarray(0, this.#length);
  }

  /** The last step; −1 without rows. */
  get lastStep(): number {
    return this.#length === 0 ? -1 : (this.#arrays.step[this.#length - 1] ?? -1);
  }

  /** Adds one row. */
  push(point: MetricPoint): void {
    this.#reserve(1);
    const at = this.#length;
    for (const name of columnNames) this.#arrays[name][at] = name === 'time' ? Date.parse(point.time) : point[name];
    this.#length += 1;
    this.#keepTimeFrom(at);
  }

  /** Adds the rows `start` to `end` of another one, `end` not included. */
  append(other: MetricColumns, start = 0, end = other.length): void {
    if (end <= start) return;
    this.#reserve(end - start);
    const at = this.#length;
    for (const name of columnNames) this.#arrays[name].set(other.column(name).subarray(start, end), at);
    this.#length += end - start;
    this.#keepTimeFrom(at);
  }

  /** The first `length` rows, in the same memory: nothing may be added to them. */
  head(length: number): MetricColumns {
    return MetricColumns.from((name) => this.column(name).subarray(0, length), Math.min(length, this.#length));
  }

  /** A copy of the rows from `start` on. */
  tail(start: number): MetricColumns {
    const rows = new MetricColumns(this.#length - start);
    rows.append(this, start);
    return rows;
  }

  /** Forgets the rows from `length` on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** The row at an index. */
  point(index: number): MetricPoint {
    const at = (name: ColumnName): number => this.#arrays[name][index] ?? 0;
    return {
      step: at('step'),
      time: new Date(at('time')).toISOString(),
      loss: at('loss'),
      gradientNorm: at('gradientNorm'),
      learningRate: at('learningRate'),
      imagesPerSecond: at('imagesPerSecond'),
    };
  }

  /** Index of the first row whose step is at least `step`. */
  lowerBound(step: number): number {
    return lowerBound(this.column('step'), step);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#arrays.step.length) return;
    const capacity = Math.max(needed, 2 * this.#arrays.step.length);
    const old = this.#arrays;
    this.#arrays = columnsOf((name) => {
      const grown = new Float64Array(capacity);
      grown.set(old[name].subarray(0, this.#length));
      return grown;
    });
  }

  /** Machines' clocks differ, and are set: a curve over time must not run backwards. */
  #keepTimeFrom(first: number): void {
    const { time } = this.#arrays;
    for (let at = Math.max(first, 1); at < this.#length; at += 1) {
      const before = time[at - 1] ?? 0;
      if ((time[at] ?? 0) < before) time[at] = before;
    }
  }
}

/** Index of the first value of an ascending array that is at least `value`, from `start` on. */
export function lowerBound(values: Float64Array, value: number, start = 0): number {
  let [low, high] = [start, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function columnsOf(make: (name: ColumnName) => Float64Array): Record<ColumnName, Float64Array> {
  return {
    step: make('step'),
    time: make('time'),
    loss: make('loss'),
    gradientNorm: make('gradientNorm'),
    learningRate: make('learningRate'),
    imagesPerSecond: make('imagesPerSecond'),
  };
}
