/** Labelled images in memory. */
export interface LabelledImages {
  /** Bytes 0–255, [sample, row, column, channel]. */
  readonly images: Uint8Array;
  /** One class a sample. */
  readonly labels: Uint8Array;
}

/** Where a dataset comes from: the same splits, bit for bit, each time it is loaded. */
export interface DatasetSource {
  readonly name: string;
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  readonly classes: number;
  /** What it is and whence it comes, for people. */
  readonly source: string;
  readonly license: string;
  /** @throws LangevinError if what it reads is missing or not what it should be */
  load(): Promise<{ readonly train: LabelledImages; readonly test: LabelledImages }>;
}
