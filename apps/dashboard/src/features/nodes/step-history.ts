import type { NodeInfo } from '@langevin/contracts/api';
import { useRef } from 'react';

/** Where the time of one step went. */
export type StepTimes = NonNullable<NodeInfo['stepMs']>;

/** Steps that are shown of each trainer. */
const most = 60;

/** The history with what is known now: the newest last, the same step once, and nothing of trainers that have gone. */
export function grownHistory(history: ReadonlyMap<string, readonly StepTimes[]>, nodes: readonly NodeInfo[]): ReadonlyMap<string, readonly StepTimes[]> {
  return new Map(
    nodes.map(({ id, stepMs }) => {
      const steps = history.get(id) ?? [];
      const last = steps.at(-1);
      const isNew = stepMs !== null && !(last && last.compute === stepMs.compute && last.wait === stepMs.wait && last.exchange === stepMs.exchange);
      return [id, isNew ? [...steps, stepMs].slice(-most) : steps];
    }),
  );
}

/** The last steps of each trainer since the page was opened, one a second at most, by its id. */
export function useStepHistory(nodes: readonly NodeInfo[]): ReadonlyMap<string, readonly StepTimes[]> {
  const history = useRef<{ readonly of: readonly NodeInfo[] | null; readonly steps: ReadonlyMap<string, readonly StepTimes[]> }>({ of: null, steps: new Map() });
  if (history.current.of !== nodes) history.current = { of: nodes, steps: grownHistory(history.current.steps, nodes) };
  return history.current.steps;
}
