import type { RunSummary } from '@langevin/contracts/api';
import { selectRuns, toggleSort } from './sort-runs.js';

const run = (name: string, more: Partial<RunSummary> = {}): RunSummary => ({
  name,
  phase: 'succeeded',
  reason: '',
  step: 1,
  totalSteps: 10,
  loss: 1,
  imagesPerSecond: 0,
  trainers: [],
  checkpoints: 0,
  lastCheckpointStep: null,
  guidanceRole: 'denoiser',
  dataset: 'mnist-digits',
  stall: null,
  updatedAt: null,
  ...more,
});
const names = (runs: readonly RunSummary[]) => runs.map(({ name }) => name);

describe('selectRuns', () => {
  it('puts runs without the value last, whichever way it sorts', () => {
    const runs = [run('a', { loss: null }), run('b', { loss: 2 }), run('c', { loss: 1 })];
    expect(names(selectRuns(runs, {}, 'loss'))).toEqual(['c', 'b', 'a']);
    expect(names(selectRuns(runs, {}, '-loss'))).toEqual(['b', 'c', 'a']);
  });

  it('sorts equal ones by name', () => {
    expect(names(selectRuns([run('b'), run('a'), run('c')], {}, '-step'))).toEqual(['a', 'b', 'c']);
  });

  it('filters by a part of the name or the dataset, and by phase', () => {
    const runs = [run('digits'), run('faces', { dataset: 'celeba', phase: 'failed' }), run('Digit-2', { phase: 'failed' })];
    expect(names(selectRuns(runs, { q: ' DIGIT' }, 'name'))).toEqual(['Digit-2', 'digits']);
    expect(names(selectRuns(runs, { q: 'celeb' }, 'name'))).toEqual(['faces']);
    expect(names(selectRuns(runs, { phase: 'failed', q: 'digit' }, 'name'))).toEqual(['Digit-2']);
  });
});

describe('toggleSort', () => {
  it('begins with the smallest loss and the newest change, then turns round', () => {
    expect(toggleSort('-updatedAt', 'loss')).toBe('loss');
    expect(toggleSort('loss', 'loss')).toBe('-loss');
    expect(toggleSort('-loss', 'updatedAt')).toBe('-updatedAt');
    expect(toggleSort('-updatedAt', 'updatedAt')).toBe('updatedAt');
  });
});
