import type { SampleMatrix } from '@langevin/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { runQuery, samplesQuery } from '../../api/queries.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { StateNote } from '../../ui/state-note.js';
import { DrawingNote } from './drawing-note.js';
import { SamplesView } from './samples-view.js';

/** What the model draws, at every checkpoint. */
export function SamplesPage() {
  const { run } = useParams({ from: '/runs/$run/samples' });
  const query = useQuery(samplesQuery(run));
  return (
    <QueryView query={query} loading={<div className="skeleton h-[480px]" />}>
      {(matrix: SampleMatrix) => (matrix.steps.length === 0 ? <NoSamples run={run} matrix={matrix} /> : <SamplesView run={run} matrix={matrix} />)}
    </QueryView>
  );
}

function NoSamples({ run, matrix: { drawing, drawsCheckpoints } }: { readonly run: string; readonly matrix: SampleMatrix }) {
  const { data } = useQuery(runQuery(run));
  if (data?.guidanceRole === 'noisy-classifier') return <StateNote title="A classifier draws nothing">It guides a denoiser: choose it in “Sample now” of a denoiser.</StateNote>;
  if (drawing.length > 0) return <FirstSamples drawing={drawing} />;
  if (!drawsCheckpoints) return <StateNote title="No samples here">This coordinator draws none by itself. “Sample now” draws from any checkpoint.</StateNote>;
  return <StateNote title="No samples yet">They are drawn after each checkpoint, while training goes on.</StateNote>;
}

/** The first picture is on its way. */
function FirstSamples({ drawing }: Pick<SampleMatrix, 'drawing'>) {
  return (
    <Panel title="Samples" note="the first are being drawn">
      <div className="flex flex-col gap-4">
        <DrawingNote drawing={drawing} />
        <div aria-hidden="true" className="skeleton aspect-[10/4] w-full max-w-[1184px]" />
      </div>
    </Panel>
  );
}
