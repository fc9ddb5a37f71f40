import type { SampleMatrix } from '@langevin/contracts/api';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { samplePicture } from '../../api/pictures.js';
import { formatCount } from '../../format/numbers.js';
import { Panel } from '../../ui/panel.js';
import { useSlide } from '../../ui/use-slide.js';
import { CellDialog } from './cell-dialog.js';
import { DrawingNote } from './drawing-note.js';
import { SampleMatrixAt } from './sample-matrix-at.js';
import { SamplesActions } from './samples-actions.js';
import { StepSlider } from './step-slider.js';
import { StepsMatrix } from './steps-matrix.js';
import { usePreload } from './use-pictures.js';

/** Properties of the view. */
export interface SamplesViewProps {
  readonly run: string;
  /** With at least one step. */
  readonly matrix: SampleMatrix;
}

/** The samples of a run: one slider for all of them, one step pinned to compare with if wanted. */
export function SamplesView({ run, matrix }: SamplesViewProps) {
  const search = useSearch({ from: '/runs/$run/samples' });
  const navigate = useNavigate({ from: '/runs/$run/samples' });
  const set = (change: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const steps = matrix.steps.map(({ step }) => step);
  const last = steps.length - 1;
  const committed = search.step === undefined ? last : nearest(steps, search.step);
  const [index, slide] = useSlide(committed, (next) => set({ step: next === last ? undefined : steps[next] }));
  const step = steps[index] ?? 0;
  usePreload([1, -1, 2, 3].flatMap((by) => (steps[index + by] === undefined ? [] : [samplePicture(run, steps[index + by] ?? 0)])));
  const { with: pinned, view, column = 0, cell } = search;
  const onCell = (row: number, at: number) => set({ cell: [row, at] });
  return (
    <Panel
      title="Samples"
      note={`guidance ${matrix.guidanceScale}, ${formatCount(steps.length)} ${steps.length === 1 ? 'checkpoint' : 'checkpoints'}`}
      actions={<SamplesActions view={view} column={column} columns={matrix.columns} step={step} pinned={pinned} onChange={set} />}
    >
      <div className="flex flex-col gap-4">
        <StepSlider steps={steps} index={index} onIndex={slide} />
        <DrawingNote drawing={matrix.drawing} />
        {view === 'steps' ? (
          <StepsMatrix run={run} matrix={matrix} steps={steps} index={index} column={Math.min(column, matrix.columns - 1)} onCell={onCell} />
        ) : (
          <div className={pinned === undefined ? '' : 'grid gap-4 lg:grid-cols-2'}>
            {pinned !== undefined && <SampleMatrixAt run={run} matrix={matrix} step={pinned} caption="pinned" narrow onCell={onCell} />}
            <SampleMatrixAt run={run} matrix={matrix} step={step} {...(pinned !== undefined && { caption: 'slider', narrow: true })} onCell={onCell} />
          </div>
        )}
      </div>
      {cell && <CellDialog run={run} matrix={matrix} steps={steps} index={index} onIndex={slide} row={cell[0]} column={cell[1]} onClose={() => set({ cell: undefined })} />}
    </Panel>
  );
}

/** Index of the step that is nearest to the one asked for. */
function nearest(steps: readonly number[], step: number): number {
  return steps.reduce((best, candidate, i) => (Math.abs(candidate - step) < Math.abs((steps[best] ?? 0) - step) ? i : best), 0);
}
