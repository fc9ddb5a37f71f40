import { DecidedCluster } from '../testing/decided-cluster.js';
import { trainerChanges, type TrainerChange } from './trainer-changes.js';

let changes: string[];
let cluster: DecidedCluster;
beforeEach(() => {
  changes = [];
  const told = ({ kind, name, reason, jobId }: TrainerChange): string => `${name} ${kind}: ${reason}, ${jobId ?? 'idle'}`;
  cluster = new DecidedCluster((decision) => void changes.push(...trainerChanges(decision).map(told)));
});

describe('trainerChanges', () => {
  it('tells who begins, and who comes later', () => {
    cluster.start(['a', 'b']);
    expect(changes.splice(0)).toEqual(['a joined: start, digits', 'b joined: start, digits']);
    cluster.attach('c');
    cluster.ready('c');
    cluster.step(1, 'a', 'b');
    cluster.decide({ type: 'stateFetched', trainerId: 'c', jobId: 'digits', step: 1 });
    for (let step = 2; changes.length === 0 && step < 6; step += 1) cluster.step(step, 'a', 'b', 'c');
    expect(changes).toEqual(['c joined: joined, digits']);
  });

  it.each([
    ['silent for 2000 ms, its rhythm allows 1800 ms', 'silent'],
    ['connection closed', 'closed'],
    ['connection failed: reset', 'broken'],
    ['anything else', 'other'],
  ])('tells losses apart: %s', (why, reason) => {
    cluster.start(['a', 'b']);
    cluster.attach('idle');
    changes.length = 0;
    cluster.decide({ type: 'trainerDetached', trainerId: 'a', why });
    expect(changes).toEqual([`a lost: ${reason}, digits`]);
    cluster.decide({ type: 'trainerDetached', trainerId: 'a', why });
    expect(changes).toHaveLength(1);
  });

  it('tells who is evicted because its numbers are wrong, or because it failed', () => {
    cluster.start(['a', 'b', 'c']);
    changes.length = 0;
    cluster.step(1, 'a', 'b');
    cluster.prepared('c', 1, 'another');
    expect(changes.splice(0)).toEqual(['c evicted: diverged, digits']);
    cluster.decide({ type: 'trainerFailed', trainerId: 'b', jobId: 'digits', code: 'storage_full', message: 'no space' });
    expect(changes).toEqual(['b evicted: failed, digits']);
  });

  it('tells who is drained on request, and who by a signal', () => {
    cluster.start(['a', 'b', 'c']);
    changes.length = 0;
    cluster.decide({ type: 'trainerDraining', trainerId: 'b', why: 'it was asked to' });
    cluster.decide({ type: 'trainerDraining', trainerId: 'c', why: 'it was told to stop' });
    expect(changes).toEqual([]);
    cluster.step(1, 'a', 'b', 'c');
    expect(changes).toEqual(['b drained: request, digits', 'c drained: shutdown, digits']);
    cluster.attach('d');
  });

  it('tells who is refused', () => {
    cluster.attach('a');
    cluster.attach('b', '0.9');
    expect(changes).toEqual(['b refused: version_mismatch, idle']);
  });

  it('blames nobody for the end of a job', () => {
    cluster.start(['a', 'b'], { totalSteps: 5 });
    changes.length = 0;
    cluster.decide({ type: 'jobCancelled', jobId: 'digits' });
    expect(changes).toEqual([]);
  });
});
