import type { SampleMatrix } from '@langevin/contracts/api';
import { useMemo } from 'react';
import { samplePicture } from '../../api/pictures.js';
import { formatCount } from '../../format/numbers.js';
import { Dialog } from '../../ui/dialog.js';
import { CellImage } from './cell-image.js';
import { evenIndices } from './cell.js';
import { rowNames } from './sample-labels.js';
import { StepSlider } from './step-slider.js';

/** Properties of the dialog. */
export interface CellDialogProps {
  readonly run: string;
  readonly matrix: SampleMatrix;
  readonly steps: readonly number[];
  readonly index: number;
  readonly onIndex: (index: number) => void;
  readonly row: number;
  readonly column: number;
  readonly onClose: () => void;
}

/** One image, large, and how it came to be: the same label and noise over the checkpoints. */
export function CellDialog({ run, matrix, steps, index, onIndex, row, column, onClose }: CellDialogProps) {
  const label = rowNames(matrix)[row] ?? '';
  const film = useMemo(() => evenIndices(steps.length - 1, 8), [steps.length]);
  const place = { row, column, rows: rowNames(matrix).length, columns: matrix.columns };
  return (
    <Dialog title={`${label === '' ? '' : `Label ${label}, `}noise ${column + 1}`} onClose={onClose} wide>
      <div className="flex flex-col gap-4">
        <div className="mx-auto w-full max-w-sm">
          <CellImage {...place} url={samplePicture(run, steps[index] ?? 0)} alt={`The image at step ${steps[index]}`} />
        </div>
        <StepSlider steps={steps} index={index} onIndex={onIndex} />
        <div className="grid grid-cols-4 gap-2 sm:grid-cols-8">
          {film.map((i) => (
            <button key={i} type="button" aria-pressed={i === index} onClick={() => onIndex(i)} className="rounded border border-line p-1 text-xs text-ink-3 aria-pressed:border-accent">
              <CellImage {...place} url={samplePicture(run, steps[i] ?? 0)} alt="" />
              {formatCount(steps[i] ?? 0)}
            </button>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
