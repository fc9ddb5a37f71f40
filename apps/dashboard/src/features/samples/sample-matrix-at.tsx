import type { SampleMatrix } from '@langevin/contracts/api';
import { useMemo } from 'react';
import { samplePicture } from '../../api/pictures.js';
import { formatCount } from '../../format/numbers.js';
import { useMedia } from '../../ui/use-media.js';
import { noiseLayout } from './cell.js';
import { MatrixView } from './matrix-view.js';
import { rowNames } from './sample-labels.js';
import { usePictures } from './use-pictures.js';

/** Properties of the matrix. */
export interface SampleMatrixAtProps {
  readonly run: string;
  readonly matrix: SampleMatrix;
  readonly step: number;
  /** Told beside the step. */
  readonly caption?: string;
  /** Whether it has half of the page's width only. @default false */
  readonly narrow?: boolean;
  readonly onCell: (row: number, column: number) => void;
}

/** Every label and noise at one step. */
export function SampleMatrixAt({ run, matrix, step, caption, narrow = false, onCell }: SampleMatrixAtProps) {
  const names = rowNames(matrix);
  const small = useMedia('(max-width: 640px)');
  const portrait = small || narrow;
  const layout = useMemo(() => noiseLayout(rowNames(matrix), matrix.columns, portrait), [matrix, portrait]);
  const { shown, failed } = usePictures([samplePicture(run, step)]);
  const [height, width] = matrix.imageShape;
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      {caption !== undefined && (
        <figcaption>
          <span className="font-medium">step {formatCount(step)}</span> <span className="text-ink-3">{caption}</span>
        </figcaption>
      )}
      {failed && (
        <p role="alert" className="text-bad">
          The picture of step {formatCount(step)} could not be loaded.
        </p>
      )}
      <MatrixView
        layout={layout}
        pictures={shown}
        rows={names.length}
        columns={matrix.columns}
        cellPixels={small ? 96 : narrow ? 68 : 112}
        aspect={width / height}
        summary={`Samples at step ${step}: ${names.length} labels, ${matrix.columns} noises each.`}
        onCell={({ row, column }) => onCell(row, column)}
      />
    </figure>
  );
}
