import { useQueries } from '@tanstack/react-query';
import { metricKeys } from '@langevin/contracts/api';
import type { MetricKey, MetricSeries } from '@langevin/contracts/api';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { metricsQuery } from '../../api/queries.js';
import { controlClass } from '../../ui/field.js';
import { buttonClass } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { Segmented } from '../../ui/segmented.js';
import { StateNote } from '../../ui/state-note.js';
import { useSlide } from '../../ui/use-slide.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { CompareChart } from './compare-chart.js';

const titles: Record<MetricKey, string> = { loss: 'Loss', learningRate: 'Learning rate', gradientNorm: 'Gradient norm', imagesPerSecond: 'Images per second' };
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
        title={titles[key]}
        note={`${runs.length} runs`}
        flush
        actions={
          <>
            <select aria-label="Metric" className={`${controlClass} !w-auto`} value={key} onChange={(event) => set({ key: event.target.value })}>
              {metricKeys.map((option) => (
                <option key={option} value={option}>
                  {titles[option]}
                </option>
              ))}
            </select>
            <Segmented
              label="Vertical axis"
              value={log ? 'log' : 'linear'}
              options={[
                { value: 'linear', label: 'Linear' },
                { value: 'log', label: 'Log' },
              ]}
              onChange={(value) => set({ log: value === 'log' ? undefined : false })}
            />
            <label className="flex items-center gap-2 text-ink-2">
              Smoothing
              <input type="range" min={0} max={0.99} step={0.01} value={smoothing} onChange={(event) => slide(event.target.valueAsNumber)} className="rail w-24" />
            </label>
          </>
        }
      >
        {failed && <p role="alert" className="border-b border-line px-3 py-2 text-bad">{failed.message}</p>}
        <CompareChart
          title={titles[key]}
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
