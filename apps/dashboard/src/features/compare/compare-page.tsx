import { useQueries } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { MetricKey, RunMetrics } from '@langevin/contracts/api';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { metricsQuery } from '../../api/queries.js';
import { buttonClass } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { StateNote } from '../../ui/state-note.js';
import { useSlide } from '../../ui/use-slide.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import type { NamedCurve } from './align-curves.js';
import { CompareChart } from './compare-chart.js';
import { CompareControls, metricTitles } from './compare-controls.js';

/** Points of one curve: many curves on one chart need fewer each, and are there sooner. */
const bucketsFor = (runs: number): number => Math.min(400, Math.max(100, Math.floor(8000 / runs)));
const none: readonly NamedCurve[] = [];

/** Several runs on one chart. */
export function ComparePage() {
  usePageTitle('Compare');
  const { runs = [], key = 'loss', log = true, smooth = 0.9, from, to } = useSearch({ from: '/compare' });
  const navigate = useNavigate({ from: '/compare' });
  const { curves, isLoading, error } = useCurves(runs, key, from, to);
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
        {error && <p role="alert" className="border-b border-line px-3 py-2 text-bad">{error.message}</p>}
        <CompareChart
          title={metricTitles[key]}
          curves={curves}
          view={{ log, smooth, from, to }}
          isLoading={isLoading}
          onZoom={(start, end) => set({ from: start, to: end })}
          onRemove={(name) => set({ runs: runs.filter((run) => run !== name) })}
        />
      </Panel>
    </>
  );
}

/** The curves of several runs, all at once: drawing after each answer would draw fifty times. */
function useCurves(runs: readonly string[], key: MetricKey, from: number | undefined, to: number | undefined) {
  return useQueries({
    queries: runs.map((run) => metricsQuery(run, { keys: [key], x: 'step', from, to, buckets: bucketsFor(runs.length) })),
    combine: useCallback(
      (results: readonly UseQueryResult<RunMetrics>[]) => {
        const isLoading = results.some(({ isPending }) => isPending);
        const curves = runs.flatMap((name, i) => {
          const series = results[i]?.data?.keys[key];
          return series ? [{ name, series }] : [];
        });
        return { isLoading, curves: isLoading ? none : curves, error: results.find((result) => result.error)?.error ?? null };
      },
      [runs, key],
    ),
  });
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
