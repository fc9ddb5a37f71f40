import { describeDifference, dissenters } from './agreement.js';
import type { StateReport } from './job.js';

const report = (trainerId: string, weights: string): StateReport => ({
  trainerId,
  files: [
    { role: 'weights', digest: weights, size: 4 },
    { role: 'ema', digest: 'e', size: 4 },
  ],
});
const idsOf = (reports: readonly StateReport[]) => reports.map(({ trainerId }) => trainerId);

describe('dissenters', () => {
  it('are none when all states are equal', () => {
    expect(dissenters([report('t1', 'x'), report('t2', 'x')])).toEqual([]);
    expect(dissenters([report('t1', 'x')])).toEqual([]);
  });

  it('do not depend on the order of the files', () => {
    const turned = { ...report('t2', 'x'), files: [...report('t2', 'x').files].reverse() };
    expect(dissenters([report('t1', 'x'), turned])).toEqual([]);
  });

  it('are those outside the majority', () => {
    expect(idsOf(dissenters([report('t1', 'y'), report('t2', 'x'), report('t3', 'x')]))).toEqual(['t1']);
    expect(idsOf(dissenters(['x', 'y', 'x', 'z', 'x'].map((digest, index) => report(`t${index}`, digest))))).toEqual(['t1', 't3']);
  });

  it('are all when nobody has a majority', () => {
    expect(idsOf(dissenters([report('t1', 'x'), report('t2', 'y')]))).toEqual(['t1', 't2']);
    expect(idsOf(dissenters(['x', 'x', 'y', 'y'].map((digest, index) => report(`t${index}`, digest))))).toEqual(['t0', 't1', 't2', 't3']);
  });

  it('are told by a size or a missing file too', () => {
    const larger = { trainerId: 't2', files: [{ role: 'weights', digest: 'x', size: 5 }, { role: 'ema', digest: 'e', size: 4 }] };
    const fewer = { trainerId: 't2', files: [{ role: 'weights', digest: 'x', size: 4 }] };
    expect(dissenters([report('t1', 'x'), larger])).toHaveLength(2);
    expect(dissenters([report('t1', 'x'), fewer])).toHaveLength(2);
    expect(describeDifference(fewer, [report('t1', 'x'), fewer])).toBe('only weights');
  });
});

describe('describeDifference', () => {
  it('names the files that differ alone, their digests cut short', () => {
    const reports = [report('t1', 'a'.repeat(64)), report('t2', 'b'.repeat(64))] as const;
    expect(describeDifference(reports[0], reports)).toBe('weights aaaaaaaaaaaa… (4 bytes)');
  });
});
