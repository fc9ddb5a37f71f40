import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { metricsQuery, runEventsQuery } from '../../api/queries.js';
import { defaultSmoothing, isExact, metricTitles, shownKeys, spansDecades } from '../../charts/metric-titles.js';
import { useSlide } from '../../ui/use-slide.js';
import { StateNote } from '../../ui/state-note.js';
import { QueryView } from '../../ui/query-view.js';
import { CurveChart } from './curve-chart.js';
import { curvesWindow } from './curves-window.js';
import { CurvesToolbar } from './curves-toolbar.js';
import { eventMarkers } from './event-markers.js';
import { EventsPanel } from './events-panel.js';

/** The curves of a run and what happened to it. */
export function CurvesPage() {
  const { run } = useParams({ from: '/runs/$run/' });
  const { x = 'step', smooth = defaultSmoothing, log = true, from, to } = useSearch({ from: '/runs/$run/' });
  const navigate = useNavigate({ from: '/runs/$run/' });
  const [smoothing, slide] = useSlide(smooth, (next) => void navigate({ search: (old) => ({ ...old, smooth: next }), replace: true, resetScroll: false }));
  const metrics = useQuery(metricsQuery(run, curvesWindow({ x, from, to })));
  const events = useQuery(runEventsQuery(run));
  const markers = useMemo(() => eventMarkers(events.data ?? [], x), [events.data, x]);
  const zoom = (start: number | undefined, end: number | undefined) =>
    void navigate({ search: (old) => ({ ...old, from: start, to: end }), replace: true, resetScroll: false });
  return (
    <div className="flex flex-col gap-4">
      <CurvesToolbar run={run} shown={metrics.data?.keys.loss?.x} smoothing={smoothing} onSmoothing={slide} />
      <QueryView query={metrics} loading={<ChartSkeletons />}>
        {(data) =>
          data.lastStep === null ? (
            <StateNote title="No step is committed yet">The curves begin with the first step.</StateNote>
          ) : (
            <div className="grid gap-4 xl:grid-cols-2">
              {shownKeys.map((key) => (
                <CurveChart
                  key={key}
                  title={metricTitles[key]}
                  fileName={`${run}-${key}.csv`}
                  series={data.keys[key]}
                  view={{ x, from, to, smooth: isExact.has(key) ? 0 : smoothing, log: log && spansDecades.has(key), zeroIsUnknown: key === 'imagesPerSecond' }}
                  markers={markers}
                  onZoom={zoom}
                />
              ))}
            </div>
          )
        }
      </QueryView>
      <EventsPanel query={events} />
    </div>
  );
}

/** As large as the charts that come. */
function ChartSkeletons() {
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      {shownKeys.map((key) => (
        <div key={key} className="h-[289px] rounded-lg border border-line bg-surface p-3">
          <div className="skeleton h-4 w-28" />
          <div className="skeleton mt-5 h-[212px]" />
        </div>
      ))}
    </div>
  );
}
