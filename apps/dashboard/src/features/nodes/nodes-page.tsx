import type { NodeInfo } from '@langevin/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { nodesQuery } from '../../api/queries.js';
import { CommandText } from '../../ui/command-text.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonRows } from '../../ui/skeleton-rows.js';
import { StateNote } from '../../ui/state-note.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { NodeCard } from './node-card.js';
import { slowNodes } from './slow-nodes.js';
import { StepLegend } from './step-bar.js';
import { useStepHistory } from './step-history.js';

/** Every trainer that is attached: what it is, what it does, where its steps go. */
export function NodesPage() {
  usePageTitle('Nodes');
  const query = useQuery(nodesQuery);
  return (
    <>
      <h1 className="sr-only">Nodes</h1>
      <Panel title="Trainers" note={query.data && query.data.length > 0 ? `${query.data.length} attached` : undefined} actions={<StepLegend />} flush>
        <QueryView query={query} loading={<SkeletonRows rows={4} />}>
          {(nodes) => (nodes.length === 0 ? <NoNodes /> : <NodeList nodes={nodes} />)}
        </QueryView>
      </Panel>
    </>
  );
}

function NodeList({ nodes }: { readonly nodes: readonly NodeInfo[] }) {
  const history = useStepHistory(nodes);
  const slow = slowNodes(nodes);
  const longest = Math.max(1, ...nodes.map(({ stepMs }) => (stepMs ? stepMs.compute + stepMs.wait + stepMs.exchange : 0)));
  const isLast = ({ id, job }: NodeInfo) => !nodes.some((other) => other.id !== id && other.job === job && other.state !== 'joining' && other.state !== 'draining');
  return (
    <ul>
      {nodes.map((node) => (
        <NodeCard key={node.id} node={node} isSlow={slow.has(node.id)} longestMs={longest} steps={history.get(node.id) ?? []} isLast={isLast(node)} />
      ))}
    </ul>
  );
}

function NoNodes() {
  return (
    <StateNote title="No trainer is attached">
      Jobs wait until one is. Start one with <CommandText text="langevin trainer" />.
    </StateNote>
  );
}
