import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { runQuery } from '../../api/queries.js';
import { formatCount, shortDigest } from '../../format/numbers.js';
import { formatTime } from '../../format/times.js';
import { CopyText } from '../../ui/copy-text.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { SpecTree } from './spec-tree.js';

/** What the run is: its spec with every default, its attempts, and what fixes its bits. */
export function SpecPage() {
  const { run } = useParams({ from: '/runs/$run/spec' });
  const query = useQuery(runQuery(run));
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title="Job spec" note="with every default">
        <QueryView query={query} loading={<SkeletonRows rows={12} />}>
          {({ spec }) => <SpecTree value={spec} />}
        </QueryView>
      </Panel>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Attempts">
          <QueryView query={query} loading={<SkeletonRows rows={2} />}>
            {({ attempts }) => (
              <ol className="flex flex-col gap-1">
                {attempts.map(({ attempt, startedAt, fromStep }) => (
                  <li key={attempt}>
                    <span className="font-medium">Attempt {attempt}</span> from step {formatCount(fromStep)}, <span className="text-ink-3">{formatTime(startedAt)}</span>
                  </li>
                ))}
                {attempts.length === 0 && <li className="text-ink-3">None is recorded.</li>}
              </ol>
            )}
          </QueryView>
        </Panel>
        <Panel title="What the exact numbers depend on">
          <QueryView query={query} loading={<SkeletonRows rows={6} />}>
            {({ weightsSha256, numericsClass }) => (
              <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
                <Row name="newest weights">
                  {weightsSha256 === null ? 'no checkpoint yet' : <CopyText what="digest of the weights" text={weightsSha256} shown={shortDigest(weightsSha256)} />}
                </Row>
                {Object.entries(numericsClass ?? {}).map(([name, value]) => (
                  <Fragment key={name}>
                    <Row name={name}>{value}</Row>
                  </Fragment>
                ))}
              </dl>
            )}
          </QueryView>
        </Panel>
      </div>
    </div>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
