import type { SampleMatrix } from '@langevin/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { runQuery, samplesQuery } from '../../api/queries.js';
import { QueryView } from '../../ui/query-view.js';
import { StateNote } from '../../ui/state-note.js';
import { SamplesView } from './samples-view.js';

/** What the model draws, at every checkpoint. */
export function SamplesPage() {
  const { run } = useParams({ from: '/runs/$run/samples' });
  const query = useQuery(samplesQuery(run));
  return (
    <QueryView query={query} loading={<div className="skeleton h-[480px]" />}>
      {(matrix: SampleMatrix) => (matrix.steps.length === 0 ? <NoSamples run={run} /> : <SamplesView run={run} matrix={matrix} />)}
    </QueryView>
  );
}

function NoSamples({ run }: { readonly run: string }) {
  const { data } = useQuery(runQuery(run));
  if (data?.guidanceRole === 'noisy-classifier') return <StateNote title="A classifier draws nothing">It guides a denoiser: choose it in “Sample now” of a denoiser.</StateNote>;
  return <StateNote title="No samples yet">They are drawn after each checkpoint, while training goes on.</StateNote>;
}
