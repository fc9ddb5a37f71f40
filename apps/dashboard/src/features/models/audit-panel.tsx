import type { ModelDetail } from '@langevin/contracts/api';
import type { UseQueryResult } from '@tanstack/react-query';
import { formatTime } from '../../format/times.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';

/** Every move of an alias: who, when, from where to where, why. */
export function AuditPanel({ query }: { readonly query: UseQueryResult<ModelDetail> }) {
  return (
    <Panel title="History" flush>
      <QueryView query={query} loading={<SkeletonRows rows={3} />}>
        {({ events }) => (
          <ol>
            {events.map(({ alias, action, from, to, actor, reason, time }, i) => (
              <li key={i} className="border-b border-line px-3 py-2 last:border-b-0">
                <div>
                  <span className="font-medium">{alias}</span> {action === 'promote' ? 'promoted' : 'rolled back'} {from === null ? '' : `from ${from} `}to {to}
                </div>
                <div className="text-xs text-ink-3">
                  {formatTime(time)} by {actor}
                </div>
                {reason !== undefined && <p className="text-ink-2">{reason}</p>}
              </li>
            ))}
            {events.length === 0 && <li className="px-3 py-6 text-center text-ink-3">No alias has moved yet.</li>}
          </ol>
        )}
      </QueryView>
    </Panel>
  );
}
