import type { RunEvent, RunEventKind } from '@langevin/contracts/api';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount } from '../../format/numbers.js';
import { formatTime } from '../../format/times.js';
import { Button } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { StateNote } from '../../ui/state-note.js';

const shownAtFirst = 12;

const tones: Partial<Record<RunEventKind, string>> = {
  checkpoint: 'bg-ok',
  succeeded: 'bg-ok',
  paused: 'bg-warn',
  'trainer-lost': 'bg-bad',
  'trainer-evicted': 'bg-bad',
  'trainers-differ': 'bg-bad',
  failed: 'bg-bad',
  cancelled: 'bg-bad',
};

/** What happened to a run, newest first. */
export function EventsPanel({ query }: { readonly query: UseQueryResult<RunEvent[]> }) {
  const [all, setAll] = useState(false);
  return (
    <Panel title="Events" note={query.data && query.data.length > 0 ? formatCount(query.data.length) : undefined} flush>
      <QueryView query={query} loading={<SkeletonRows rows={4} />}>
        {(events) => {
          if (events.length === 0) return <StateNote title="Nothing has happened yet" />;
          const newest = events.toReversed();
          return (
            <>
              <ol>
                {(all ? newest : newest.slice(0, shownAtFirst)).map((event) => (
                  <EventLine key={event.seq} event={event} />
                ))}
              </ol>
              {!all && events.length > shownAtFirst && (
                <div className="p-2">
                  <Button look="bare" onClick={() => setAll(true)}>
                    Show all {formatCount(events.length)}
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </QueryView>
    </Panel>
  );
}

function EventLine({ event: { kind, step, text, time } }: { readonly event: RunEvent }) {
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 border-b border-line px-3 py-1 last:border-b-0">
      <span aria-hidden="true" className={classNames('size-2 shrink-0 rounded-full', tones[kind] ?? 'bg-ink-3')} />
      <span className="w-24 shrink-0 text-ink-3">step {formatCount(step)}</span>
      <span className="min-w-0 grow">{text}</span>
      <time dateTime={time} className="text-xs text-ink-3">
        {formatTime(time)}
      </time>
    </li>
  );
}
