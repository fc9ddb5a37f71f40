import type { NodeInfo } from '@langevin/contracts/api';
import { slowNodes } from './slow-nodes.js';

const node = (id: string, compute: number, virtualWorkers = 4, job: string | null = 'digits'): NodeInfo => ({
  id,
  name: id,
  address: '127.0.0.1:1',
  state: 'computing',
  backend: 'tensorflow',
  cpuModel: '',
  threads: 1,
  memoryBytes: 0,
  virtualWorkers,
  leavesLeft: 0,
  waitsFor: [],
  job,
  lastSeenMs: 0,
  stepMs: { compute, wait: 0, exchange: 0 },
});

describe('slowNodes', () => {
  it('names who computes a virtual worker far slower than the median', () => {
    expect([...slowNodes([node('a', 100), node('b', 104), node('c', 160)])]).toEqual(['c']);
    expect([...slowNodes([node('a', 100), node('b', 160)])]).toEqual(['b']);
  });

  it('does not blame who has more to do', () => {
    expect(slowNodes([node('a', 100, 2), node('b', 200, 4)]).size).toBe(0);
  });

  it('compares within a job only', () => {
    expect(slowNodes([node('a', 100), node('b', 900, 4, 'faces'), node('c', 900, 4, null)]).size).toBe(0);
  });
});
