/** One image of a picture: which picture, and where in it. */
export interface Cell {
  /** Index of the picture. */
  readonly picture: number;
  readonly row: number;
  readonly column: number;
}

/** What a matrix of images shows: its cells row by row, with the names of rows and columns. */
export interface MatrixLayout {
  readonly cells: readonly (readonly Cell[])[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** Every image of one picture: noises down, labels across; the other way round where the screen is narrow. */
export function noiseLayout(labels: readonly string[], noises: number, narrow: boolean): MatrixLayout {
  const names = Array.from({ length: noises }, (_, i) => `noise ${i + 1}`);
  const cell = (row: number, column: number): Cell => ({ picture: 0, row, column });
  if (narrow) return { cells: labels.map((_, row) => names.map((_, column) => cell(row, column))), rows: labels, columns: names };
  return { cells: names.map((_, column) => labels.map((_, row) => cell(row, column))), rows: names, columns: labels };
}

/** One noise of several pictures: labels down, one picture after the other across. */
export function stepsLayout(labels: readonly string[], steps: readonly string[], column: number): MatrixLayout {
  return { cells: labels.map((_, row) => steps.map((_, picture) => ({ picture, row, column }))), rows: labels, columns: steps };
}

/** At most `count` indices up to `last`, evenly spaced, the last one among them. */
export function evenIndices(last: number, count: number): number[] {
  if (last < 0) return [];
  const n = Math.min(count, last + 1);
  if (n === 1) return [last];
  return Array.from({ length: n }, (_, i) => Math.round((i * last) / (n - 1)));
}
