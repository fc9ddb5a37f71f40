import { useQueries } from '@tanstack/react-query';
import type { MetricSeries } from '@langevin/contracts/api';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { metricsQuery } from '../../api/queries.js';
import { buttonClass } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { StateNote } from '../../ui/state-note.js';
import { useSlide } from '../../ui/use-slide.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { CompareChart } from './compare-chart.js';
import { CompareControls, metricTitles } from './compare-controls.js';

const buckets = 600;

/** Several runs on one chart. */
export function ComparePage() {
  usePageTitle('Compare');
  const { runs = [], key = 'loss', log = true, smooth = 0.9, from, to } = useSearch({ from: '/compare' });
  const navigate = useNavigate({ from: '/compare' });
  const queries = useQueries({ queries: runs.map((run) => metricsQuery(run, { keys: [key], x: 'step', from, to, buckets })) });
  const curves = runs.flatMap((name, i) => {
    const series: MetricSeries | undefined = queries[i]?.data?.keys[key];
    return series ? [{ name, series }] : [];
  });
  const failed = queries.find(({ error }) => error)?.error;
  const set = (change: object) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const [smoothing, slide] = useSlide(smooth, (next) => set({ smooth: next }));
  if (runs.length === 0) return <NothingPicked />;
  return (
    <>
      <h1 className="sr-only">Compare runs</h1>
      <Panel
        title={metricTitles[key]}
        note={`${runs.length} runs`}
        flush
        actions={<CompareControls metric={key} log={log} smoothing={smoothing} onSmoothing={slide} onChange={set} />}
      >
        {failed && <p role="alert" className="border-b border-line px-3 py-2 text-bad">{failed.message}</p>}
        <CompareChart
          title={metricTitles[key]}
          curves={curves}
          view={{ log, smooth, from, to }}
          isLoading={queries.some(({ isPending }) => isPending)}
          onZoom={(start, end) => set({ from: start, to: end })}
          onRemove={(name) => set({ runs: runs.filter((run) => run !== name) })}
        />
      </Panel>
    </>
  );
}

function NothingPicked() {
  return (
    <StateNote
      isPage
      title="Pick runs to compare"
      actions={
        <Link to="/runs" className={buttonClass()}>
          All runs
        </Link>
      }
    >
      Tick them in the table of runs, then choose Compare.
    </StateNote>
  );
}
