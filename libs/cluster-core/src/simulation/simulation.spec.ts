import { planBytes } from './message-size.js';
import { defects, largeCluster, scheduleOf, simulate, type SimulationReport } from './index.js';

/** Shows what a failing seed stands for, and how to see it again. */
function told({ seed, problem }: SimulationReport): string | null {
  return problem && `seed ${seed}: ${problem}; npm run simulate -- --seed ${seed}`;
}

// Searches for a defect take long on a loaded machine.
jest.setTimeout(180_000);

describe('a simulated cluster', () => {
  it('ends with the state of an undisturbed run under each of 300 schedules of faults', () => {
    const reports = Array.from({ length: 300 }, (_, index) => simulate(scheduleOf(index + 1)));
    expect(reports.map(told).filter((text) => text !== null)).toEqual([]);
    // Schedules that strike nobody prove nothing.
    expect(reports.filter(({ coordinatorLives }) => coordinatorLives > 1).length).toBeGreaterThan(40);
    expect(reports.filter(({ processes }) => processes > 8).length).toBeGreaterThan(10);
  });

  it('does so under a hundred that nobody has seen', () => {
    const first = Date.now() % 1_000_000_000;
    process.stdout.write(`simulated from seed ${first} on\n`);
    const reports = Array.from({ length: 100 }, (_, index) => simulate(scheduleOf(first + index)));
    expect(reports.map(told).filter((text) => text !== null)).toEqual([]);
  });

  it('plays a seed the same way each time', () => {
    const play = (): { lines: string[]; report: SimulationReport } => {
      const lines: string[] = [];
      return { lines, report: simulate({ ...scheduleOf(42), onDecision: (line) => lines.push(line) }) };
    };
    expect(play()).toEqual(play());
  });

  it.each(defects)('is caught when it %s', (defect) => {
    const seeds = Array.from({ length: 2000 }, (_, index) => index + 1);
    expect(seeds.find((seed) => simulate(scheduleOf(seed, { defect })).problem !== null)).toBeDefined();
  });

  it('says no more for each trainer when there are more of them', () => {
    const [small, large] = [20, 200].map((trainers) => simulate(largeCluster(trainers, { seed: 1, cpuMs: () => 0 })));
    expect([small, large].map((report) => report && told(report))).toEqual([null, null]);
    expect((large?.messages ?? Infinity) / 200).toBeLessThan(1.2 * ((small?.messages ?? 0) / 20));
    expect(large?.largestMessageBytes).toBeLessThan(64 * 1024);
  });

  it('counts the bytes of a plan', () => {
    expect(planBytes({ generation: 1, shares: [], chunks: [] })).toBe(0);
  });
});
