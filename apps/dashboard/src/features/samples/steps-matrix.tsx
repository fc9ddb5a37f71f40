import type { SampleMatrix } from '@langevin/contracts/api';
import { useMemo } from 'react';
import { samplePicture } from '../../api/pictures.js';
import { formatCount } from '../../format/numbers.js';
import { useMedia } from '../../ui/use-media.js';
import { evenIndices, stepsLayout } from './cell.js';
import { MatrixView } from './matrix-view.js';
import { rowNames } from './sample-labels.js';
import { usePictures } from './use-pictures.js';

/** Properties of the matrix. */
export interface StepsMatrixProps {
  readonly run: string;
  readonly matrix: SampleMatrix;
  readonly steps: readonly number[];
  /** The last step that is shown. */
  readonly index: number;
  /** Which noise. */
  readonly column: number;
  readonly onCell: (row: number, column: number) => void;
}

/** One noise from the first checkpoint to the slider's: labels down, steps across. */
export function StepsMatrix({ run, matrix, steps, index, column, onCell }: StepsMatrixProps) {
  const small = useMedia('(max-width: 640px)');
  const count = small ? 5 : 10;
  const chosen = useMemo(() => evenIndices(index, count).map((i) => steps[i] ?? 0), [steps, index, count]);
  const layout = useMemo(() => stepsLayout(rowNames(matrix), chosen.map(formatCount), column), [matrix, chosen, column]);
  const { shown, failed } = usePictures(chosen.map((step) => samplePicture(run, step)));
  const [height, width] = matrix.imageShape;
  return (
    <>
      {failed && (
        <p role="alert" className="text-bad">
          Some of these pictures could not be loaded.
        </p>
      )}
      <MatrixView
        layout={layout}
        pictures={shown?.images.length === chosen.length ? shown : undefined}
        rows={rowNames(matrix).length}
        columns={matrix.columns}
        cellPixels={72}
        aspect={width / height}
        summary={`Noise ${column + 1} over steps ${chosen.join(', ')}: ${matrix.labels.length} labels.`}
        onCell={({ row }) => onCell(row, column)}
      />
    </>
  );
}
