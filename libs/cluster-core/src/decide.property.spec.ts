import fc from 'fast-check';
import { decide } from './decide.js';
import type { ClusterEvent } from './event.js';
import { PromiseWatch } from './simulation/promise-watch.js';
import { createClusterState, type ClusterState } from './state.js';
import { goodClass, goodEvents } from './testing/good-events.js';
import { jobView } from './view.js';

const seed = 20260;
const trainerId = fc.constantFrom('t1', 't2', 't3', 't4', 't5');
const jobId = fc.constantFrom('x', 'y', '__proto__');
const step = fc.integer({ min: -1, max: 5 });
const digest = fc.constantFrom('d1', 'd2', 'bad');
const numerics = fc.constantFrom({ ...goodClass }, { ...goodClass, threads: '2' });
const files = fc.constantFrom([{ role: 'weights', digest: 'w2', size: 4 }], [{ role: 'weights', digest: 'bad', size: 4 }], []);
const job = fc.record({
  id: jobId,
  virtualWorkers: fc.constantFrom(1, 2, 4, 8, 6),
  blocks: fc.integer({ min: 0, max: 5 }),
  exchange: fc.constantFrom('peers' as const, 'coordinator' as const),
  totalSteps: fc.integer({ min: 1, max: 5 }),
  minTrainers: fc.integer({ min: 0, max: 3 }),
  checkpointEvery: fc.integer({ min: 1, max: 3 }),
  startStep: fc.integer({ min: 0, max: 2 }),
  numericsClass: fc.option(numerics),
});
const result = fc.record({ digest, loss: fc.double(), norm: fc.double(), finite: fc.boolean() });

const attached = fc.record({
  type: fc.constant('trainerAttached' as const),
  trainerId,
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  version: fc.constantFrom('0.1.0', '0.1.0', '0.1.0', '0.2.0'),
  incarnation: fc.constantFrom('i', 'j'),
  pullAddress: fc.constant('h:1'),
  numerics,
  holds: fc.option(fc.record({ jobId, applied: step, chain: digest, loss: fc.double(), prepared: fc.option(result) })),
});
const submitted = fc.record({ type: fc.constant('jobSubmitted' as const), job });
const detached = fc.record({ type: fc.constant('trainerDetached' as const), trainerId, why: fc.constant('connection closed') });
const draining = fc.record({ type: fc.constant('trainerDraining' as const), trainerId, why: fc.constant('SIGTERM') });

/** Any event, from anyone, about anything. */
const wild: fc.Arbitrary<ClusterEvent> = fc.oneof(
  attached,
  detached,
  draining,
  submitted,
  fc.constant({ type: 'tick' as const }),
  fc.record({ type: fc.constant('jobCancelled' as const), jobId }),
  fc.record({ type: fc.constant('jobReopened' as const), job }),
  fc.record({ type: fc.constant('reopenFailed' as const), jobId, code: fc.constant('internal'), message: fc.string() }),
  fc.record({ type: fc.constant('trainerReady' as const), trainerId, jobId, numerics }),
  fc.record({ type: fc.constant('trainerFailed' as const), trainerId, jobId, code: fc.constant('internal'), message: fc.string() }),
  fc.record({ type: fc.constant('prepared' as const), trainerId, jobId, step, digest, loss: fc.double(), finite: fc.boolean(), norm: fc.double(), leafMs: fc.double() }),
  fc.record({ type: fc.constant('peerTrouble' as const), trainerId, jobId, peerId: fc.oneof(trainerId, fc.constant('coordinator')), problem: fc.string(), peerSilentMs: fc.integer({ min: 0, max: 2000 }) }),
  fc.record({ type: fc.constant('stateFetched' as const), trainerId, jobId, step }),
  fc.record({ type: fc.constant('fellBehind' as const), trainerId, jobId, step }),
  fc.record({ type: fc.constant('stateReported' as const), trainerId, jobId, step, files }),
  fc.record({ type: fc.constant('checkpointCopied' as const), jobId, step }),
  fc.record({ type: fc.constant('copyFailed' as const), jobId, step, trainerId, message: fc.string() }),
  fc.record({ type: fc.constant('storeLost' as const), since: fc.constant('noon') }),
  fc.constant({ type: 'storeFound' as const }),
  fc.record({ type: fc.constant('checkpointStored' as const), jobId, step, manifestDigest: digest, weightsSha256: digest }),
  fc.record({ type: fc.constant('checkpointFailed' as const), jobId, step, code: fc.constant('storage_full'), message: fc.string() }),
);

/** How a good event is spoilt: said twice, or with one field of another message. */
type Twist = 'twice' | { trainerId: string } | { step: number } | { digest: string } | { finite: boolean } | { numerics: Record<string, string> };
const twist: fc.Arbitrary<Twist | null> = fc.oneof(
  { weight: 80, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.constant('twice' as const) },
  { weight: 4, arbitrary: fc.record({ trainerId }) },
  { weight: 1, arbitrary: fc.record({ step }) },
  { weight: 1, arbitrary: fc.record({ digest }) },
  { weight: 1, arbitrary: fc.record({ finite: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ numerics }) },
);

type Move = { kind: 'good'; index: number; twist: Twist | null } | { kind: 'wild'; event: ClusterEvent };

/** Mostly what a well-behaved party would say next, so that jobs get somewhere; now and then anything, or one that is spoilt. */
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: fc.record({ kind: fc.constant('good' as const), index: fc.nat(), twist }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wild' as const), event: wild }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('wild' as const), event: fc.oneof(attached, submitted, fc.constant({ type: 'tick' as const })) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wild' as const), event: fc.oneof(detached, detached, draining) }) },
  ),
  { minLength: 20, maxLength: 250, size: 'max' },
);

/** Three trainers and a job, so that there is something to lose. */
const prelude: readonly Move[] = [
  ...['a', 'b', 'c'].map((name, index) => ({ type: 'trainerAttached' as const, trainerId: `t${index + 1}`, name, version: '0.1.0', incarnation: 'i', pullAddress: 'h:1', numerics: {}, holds: null })),
  { type: 'jobSubmitted' as const, job: { id: 'x', virtualWorkers: 8, blocks: 4, exchange: 'peers' as const, totalSteps: 5, minTrainers: 1, checkpointEvery: 2, startStep: 0, numericsClass: null } },
].map((event) => ({ kind: 'wild' as const, event }));

function eventsOf(state: ClusterState, move: Move): ClusterEvent[] {
  if (move.kind === 'wild') return [move.event];
  const good = goodEvents(state);
  const event = good[move.index % Math.max(good.length, 1)];
  if (!event) return [];
  if (move.twist === null) return [event];
  return move.twist === 'twice' ? [event, event] : [{ ...event, ...move.twist }];
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

const newState = () => deepFreeze(createClusterState({ version: '0.1.0' }));

describe('decide, whatever happens', () => {
  it('never throws, never changes its input, and keeps every promise', () => {
    const seen = { commits: 0, successes: 0, joins: 0, losses: 0, returns: 0 };
    const property = fc.property(moves, fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 250, maxLength: 250 }), (all, pauses) => {
      const watch = new PromiseWatch();
      let state = newState();
      let nowMs = 0;
      [...prelude, ...all].forEach((move, index) => {
        for (const event of eventsOf(state, move)) {
          const decision = deepFreeze(decide(state, deepFreeze(event), nowMs));
          watch.check(state, event, decision);
          const text = JSON.stringify(decision.next);
          expect(JSON.stringify(JSON.parse(text))).toBe(text);
          seen.commits += decision.effects.filter((effect) => effect.type === 'commit').length;
          seen.successes += decision.reason.includes('succeeded: trained') ? 1 : 0;
          seen.joins += decision.reason.includes(' part from step ') ? 1 : 0;
          seen.losses += decision.reason.includes('of its leaves') ? 1 : 0;
          seen.returns += decision.reason.includes('is back in job') ? 1 : 0;
          state = decision.next;
        }
        nowMs += pauses[index] ?? 0;
      });
    });
    // The limit bounds how long a counterexample is shrunk.
    fc.assert(property, { seed, numRuns: 250, interruptAfterTimeLimit: 30_000 });
    // A search that never gets anywhere proves nothing.
    expect(seen.commits).toBeGreaterThan(500);
    expect(seen.successes).toBeGreaterThan(50);
    expect(Math.min(seen.joins, seen.losses)).toBeGreaterThan(20);
    expect(seen.returns).toBeGreaterThan(0);
  });

  it('gives the same decision for the same arguments, also when the state went through JSON', () => {
    const property = fc.property(moves, (all) => {
      let state = newState();
      for (const move of all) {
        for (const event of eventsOf(state, move)) {
          const decision = decide(state, event, 7);
          const copied: ClusterState = JSON.parse(JSON.stringify(state));
          expect(JSON.stringify(decide(copied, event, 7))).toBe(JSON.stringify(decision));
          state = decision.next;
        }
      }
    });
    fc.assert(property, { seed, numRuns: 40 });
  });
});

describe('decide, when everybody behaves', () => {
  it('ends each job in success, in whatever order messages come, and takes each checkpoint that is due', () => {
    const shape = fc.record({
      trainers: fc.integer({ min: 1, max: 9 }),
      virtualWorkers: fc.constantFrom(1, 2, 4, 8, 16),
      totalSteps: fc.integer({ min: 1, max: 7 }),
      checkpointEvery: fc.integer({ min: 1, max: 8 }),
      exchange: fc.constantFrom('peers' as const, 'coordinator' as const),
      order: fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
    });
    const property = fc.property(shape, ({ trainers, virtualWorkers, totalSteps, checkpointEvery, exchange, order }) => {
      const watch = new PromiseWatch();
      let state = newState();
      const play = (event: ClusterEvent) => {
        const decision = decide(state, event, 0);
        watch.check(state, event, decision);
        state = decision.next;
      };
      for (let index = 1; index <= trainers; index++) {
        play({ type: 'trainerAttached', trainerId: `t${index}`, name: `n${index}`, version: '0.1.0', incarnation: `i${index}`, pullAddress: 'h:1', numerics: {}, holds: null });
      }
      const request = { id: 'x', virtualWorkers, blocks: 3, exchange, totalSteps, minTrainers: 1, checkpointEvery, startStep: 0, numericsClass: null };
      play({ type: 'jobSubmitted', job: request });
      for (let turn = 0; turn < 5000; turn++) {
        const good = goodEvents(state);
        const event = good[(order[turn % order.length] ?? 0) % Math.max(good.length, 1)];
        if (!event) break;
        play(event);
      }
      const view = jobView(state, 'x');
      expect(view).toMatchObject({ phase: 'succeeded', step: totalSteps, resumeStep: totalSteps, checkpoints: Math.ceil(totalSteps / checkpointEvery) });
      expect(view?.trainers).toHaveLength(Math.min(trainers, virtualWorkers));
      expect(state.trainers.every((trainer) => trainer.jobId === null)).toBe(true);
    });
    fc.assert(property, { seed, numRuns: 100 });
  });
});
