import type { RunSortKey } from './sort-runs.js';

/** A column of the table of runs. */
export interface RunColumn {
  readonly label: string;
  readonly sortKey?: RunSortKey;
  /** Width, and from which screen width on it is there. */
  readonly className: string;
  readonly numeric?: true;
}

/** The columns, in the order in which they stand. */
export const columns: readonly RunColumn[] = [
  { label: 'Name', sortKey: 'name', className: 'w-auto' },
  { label: 'Phase', className: 'w-28' },
  { label: 'Progress', sortKey: 'step', className: 'hidden w-52 sm:table-cell' },
  { label: 'Loss', sortKey: 'loss', className: 'w-20 sm:w-24', numeric: true },
  { label: 'Images/s', sortKey: 'imagesPerSecond', className: 'hidden w-24 lg:table-cell', numeric: true },
  { label: 'Checkpoints', className: 'hidden w-28 lg:table-cell', numeric: true },
  { label: 'Trainers', className: 'hidden w-24 xl:table-cell', numeric: true },
  { label: 'Dataset', className: 'hidden w-40 xl:table-cell' },
  { label: 'Updated', sortKey: 'updatedAt', className: 'hidden w-32 md:table-cell', numeric: true },
];
