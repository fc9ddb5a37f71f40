import type { MetricSeries } from '@langevin/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { manyMetricsQuery } from '../../api/queries.js';
import { metricTitles } from '../../charts/metric-titles.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { StateNote } from '../../ui/state-note.js';
import { useSlide } from '../../ui/use-slide.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import type { NamedCurve } from './align-curves.js';
import { CompareChart } from './compare-chart.js';
import { CompareControls } from './compare-controls.js';
import { compareWindow } from './compare-window.js';

/** Several runs on one chart. */
export function ComparePage() {
  usePageTitle('Compare');
  const { runs = [], key = 'loss', log = true, smooth = 0.9, from, to } = useSearch({ from: '/compare' });
  const navigate = useNavigate({ from: '/compare' });
  const query = useQuery(manyMetricsQuery(runs, compareWindow({ runs, key, from, to })));
  const curves = useMemo(() => runs.flatMap((name) => namedCurve(name, query.data?.[name]?.keys[key])), [runs, key, query.data]);
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
        <QueryView query={query} loading={<ChartSkeleton />}>
          {(found) => (
            <>
              <MissingRuns names={runs.filter((name) => !found[name])} onLeaveOut={() => set({ runs: runs.filter((name) => found[name]) })} />
              <CompareChart
                title={metricTitles[key]}
                curves={curves}
                view={{ log, smooth, from, to }}
                onZoom={(start, end) => set({ from: start, to: end })}
                onRemove={(name) => set({ runs: runs.filter((run) => run !== name) })}
              />
            </>
          )}
        </QueryView>
      </Panel>
    </>
  );
}

function namedCurve(name: string, series: MetricSeries | undefined): NamedCurve[] {
  return series ? [{ name, series }] : [];
}

function ChartSkeleton() {
  return (
    <div className="h-[420px] p-3">
      <div className="skeleton h-full" />
    </div>
  );
}

function MissingRuns({ names, onLeaveOut }: { readonly names: readonly string[]; readonly onLeaveOut: () => void }) {
  if (names.length === 0) return null;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2">
      <span>The store has no {names.length === 1 ? `run "${names[0]}"` : `runs ${names.map((name) => `"${name}"`).join(', ')}`}.</span>
      <Button onClick={onLeaveOut}>Leave out</Button>
    </div>
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
