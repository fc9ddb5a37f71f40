import { DecidedCluster } from '../testing/decided-cluster.js';
import { culprits, culpritText, type TrainerSenses } from './culprits.js';
import { StepWatch, type Finished } from './step-watch.js';

function start(names: readonly string[] = ['a', 'b']) {
  const finished: Finished[] = [];
  const cluster: DecidedCluster = new DecidedCluster(({ before, after }) => {
    const one = before === after ? null : watch.observe(after);
    if (one) finished.push(one);
  });
  const watch = new StepWatch(() => cluster.nowMs, () => new Date(cluster.nowMs));
  cluster.start(names);
  /** Steps that take so long each. */
  const steps = (from: number, to: number, ms: number): void => {
    for (let step = from; step <= to; step += 1) {
      cluster.nowMs += ms;
      cluster.step(step, ...names);
    }
  };
  return { cluster, watch, finished, steps };
}

describe('StepWatch', () => {
  it('times each step from its begin to its commit', () => {
    const { finished, steps } = start();
    steps(1, 3, 250);
    expect(finished).toEqual([1, 2, 3].map((step) => ({ what: 'step', step, tookMs: 250 })));
  });

  it('calls a step slow at five times the median, not before two seconds, and says so once', () => {
    const { cluster, watch, steps } = start();
    steps(1, 5, 100);
    cluster.nowMs += 1999;
    expect([watch.stall('digits'), watch.news()]).toEqual([null, null]);
    cluster.nowMs += 2;
    const stall = { jobId: 'digits', what: 'step', step: 6, beganMs: 500, since: new Date(500), usualMs: 100 };
    expect([watch.stall('digits'), watch.news(), watch.news()]).toEqual([stall, stall, null]);
    cluster.step(6, 'a', 'b');
    expect(watch.stall('digits')).toBeNull();
    steps(7, 40, 1000);
    cluster.nowMs += 4999;
    expect(watch.stall('digits')).toBeNull();
    cluster.nowMs += 2;
    expect(watch.stall('digits')).toMatchObject({ step: 41, usualMs: 1000 });
  });

  it('gives the first steps time, and a pause is none', () => {
    const { cluster, watch } = start();
    cluster.nowMs += 29_000;
    expect(watch.stall('digits')).toBeNull();
    cluster.nowMs += 1001;
    expect(watch.stall('digits')).toMatchObject({ step: 1, usualMs: null });
    for (const trainerId of ['a', 'b']) cluster.decide({ type: 'trainerDetached', trainerId, why: 'connection closed' });
    expect(watch.stall('digits')).toBeNull();
  });
});

describe('culprits', () => {
  const senses = (leaves: Record<string, number>, silent: Record<string, number> = {}): TrainerSenses => ({
    reportOf: (id) => ({ memoryBytes: 0, threads: 1, stepMs: null, leavesLeft: leaves[id] ?? 0 }),
    silentMs: (id) => silent[id] ?? 0,
  });

  it('are those with leaves to compute: without them nobody else can go on', () => {
    const { cluster } = start(['a', 'b', 'c']);
    expect(culpritText(culprits(cluster.state, 'digits', senses({ b: 1 })))).toMatch(/^"b" \(1 of [12] (leaf|leaves) to compute\)$/);
    expect(culprits(cluster.state, 'digits', senses({})).map(({ name, doing }) => `${name}: ${doing}`)).toEqual(['a', 'b', 'c'].map((name) => `${name}: exchanging gradients`));
    cluster.step(1, 'a');
    expect(culprits(cluster.state, 'digits', senses({})).map(({ name }) => name)).toEqual(['b', 'c']);
  });

  it('are the silent ones first', () => {
    const { cluster } = start(['a', 'b', 'c']);
    expect(culprits(cluster.state, 'digits', senses({ b: 1 }, { c: 1400 }))).toEqual([{ name: 'c', doing: 'silent for 1.4 s' }]);
  });

  it('are those who do not come back, and who prepare', () => {
    const { cluster } = start(['a']);
    cluster.decide({ type: 'trainerDetached', trainerId: 'a', why: 'connection closed' });
    expect(culprits(cluster.state, 'digits', senses({}))).toEqual([{ name: 'a', doing: 'to come back' }]);
    const starting = new DecidedCluster();
    starting.start([]);
    starting.attach('z');
    expect(culprits(starting.state, 'digits', senses({}))).toEqual([{ name: 'z', doing: 'preparing' }]);
    expect(culprits(starting.state, 'nothing', senses({}))).toEqual([]);
  });
});
