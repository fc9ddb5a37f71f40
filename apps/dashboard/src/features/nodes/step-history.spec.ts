import type { NodeInfo } from '@langevin/contracts/api';
import { grownHistory } from './step-history.js';

const node = (id: string, compute: number | null): NodeInfo => ({
  ...{ id, name: id, address: '', state: 'computing', waitsFor: [], backend: '', cpuModel: '', threads: 1, memoryBytes: 0 },
  ...{ virtualWorkers: 1, leavesLeft: 0, job: 'digits', lastSeenMs: 0 },
  stepMs: compute === null ? null : { compute, wait: 1, exchange: 1 },
});

describe('grownHistory', () => {
  it('adds each step once, and forgets who has gone', () => {
    let history = grownHistory(new Map(), [node('a', 10), node('b', null)]);
    history = grownHistory(history, [node('a', 10), node('b', 5)]);
    history = grownHistory(history, [node('a', 12), node('b', 5)]);
    expect([...history].map(([id, steps]) => [id, steps.map(({ compute }) => compute)])).toEqual([['a', [10, 12]], ['b', [5]]]);
    expect([...grownHistory(history, [node('b', 6)]).keys()]).toEqual(['b']);
  });

  it('keeps a minute', () => {
    let history: ReturnType<typeof grownHistory> = new Map();
    for (let i = 1; i <= 70; i += 1) history = grownHistory(history, [node('a', i)]);
    expect(history.get('a')?.map(({ compute }) => compute)).toEqual(Array.from({ length: 60 }, (_, i) => i + 11));
  });
});
