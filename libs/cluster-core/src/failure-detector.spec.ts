import { FailureDetector } from './failure-detector.js';
import { Chance } from './simulation/chance.js';

const checkMs = 250;

/** Plays signs of life and checks in the order of time; the moments at which somebody was suspected. */
function suspicions(heardMs: readonly number[], endMs: number): number[] {
  const detector = new FailureDetector();
  const checks = Array.from({ length: Math.floor(endMs / checkMs) }, (_, index) => ({ atMs: (index + 1) * checkMs, isCheck: true }));
  const all = [...checks, ...heardMs.map((atMs) => ({ atMs, isCheck: false }))].sort((a, b) => a.atMs - b.atMs);
  return all.flatMap(({ atMs, isCheck }) => {
    if (isCheck) return detector.check(atMs).map(() => atMs);
    detector.heard('t1', atMs);
    return [];
  });
}

describe('the failure detector', () => {
  it.each([1, 2, 3, 4, 5])('suspects nobody whose heartbeats jitter by up to 1.5 s (seed %d)', (seed) => {
    const chance = new Chance(seed);
    const heard = [0];
    while (heard.at(-1)! < 600_000) heard.push(heard.at(-1)! + (chance.isLuck(0.1) ? chance.between(250, 1500) : chance.between(200, 300)));
    expect(suspicions(heard, 600_000)).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('suspects one that falls silent within 3 s, whatever its rhythm was (seed %d)', (seed) => {
    const chance = new Chance(seed);
    const most = chance.one([260, 600, 1500]);
    const heard = [0];
    while (heard.at(-1)! < 20_000) heard.push(heard.at(-1)! + chance.between(200, most));
    const [first = Infinity] = suspicions(heard, 30_000);
    expect(first - heard.at(-1)!).toBeGreaterThan(1500);
    expect(first - heard.at(-1)!).toBeLessThanOrEqual(3000);
  });

  it('counts silence anew when it stood still itself', () => {
    const detector = new FailureDetector();
    detector.heard('t1', 0);
    detector.check(250);
    expect(detector.check(9000)).toEqual([]);
    for (let atMs = 9250; atMs <= 10_500; atMs += checkMs) expect(detector.check(atMs)).toEqual([]);
    for (let atMs = 10_750; atMs < 11_000; atMs += checkMs) detector.check(atMs);
    expect(detector.check(11_000).map(({ trainerId }) => trainerId)).toEqual(['t1']);
  });

  it('counts silence anew also when it stood still before it first looked', () => {
    const detector = new FailureDetector();
    detector.heard('t1', 0);
    expect(detector.check(9000)).toEqual([]);
  });

  it('knows how long somebody is silent, and forgets', () => {
    const detector = new FailureDetector();
    detector.heard('t1', 100);
    expect(detector.silentMs('t1', 400)).toBe(300);
    detector.forget('t1');
    expect(detector.silentMs('t1', 900)).toBe(0);
    expect(detector.check(9999)).toEqual([]);
  });
});
