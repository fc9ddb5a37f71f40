import { decide } from './decide.js';
import type { ClusterEvent } from './event.js';
import { createClusterState, type ClusterState } from './state.js';
import { goodEvents } from './testing/good-events.js';
import { jobView, jobViews, waitingFor } from './view.js';

const attach = (trainerId: string): ClusterEvent => ({
  type: 'trainerAttached',
  trainerId,
  name: trainerId,
  version: '0.1.0',
  incarnation: 'i',
  pullAddress: 'h:1',
  numerics: {},
});
const submit = (id: string): ClusterEvent => ({
  type: 'jobSubmitted',
  job: { id, virtualWorkers: 2, totalSteps: 2, minTrainers: 1, checkpointEvery: 1, startStep: 0, numericsClass: null },
});
const play = (events: readonly ClusterEvent[], state: ClusterState = createClusterState({ version: '0.1.0' })) =>
  events.reduce((now, event) => decide(now, event, 0).next, state);

describe('decide', () => {
  it('shares what an event leaves alone', () => {
    const before = play([attach('t1'), attach('t2'), submit('x')]);
    const after = decide(before, { type: 'heartbeat', trainerId: 't1', progress: 3 }, 10).next;
    expect(after.jobs).toBe(before.jobs);
    expect(after.trainers[1]).toBe(before.trainers[1]);
    expect(after.trainers[0]).toMatchObject({ progress: 3, lastSeenMs: 10 });
  });

  it('takes any message of a trainer as a sign of life, a stale one too', () => {
    const state = play([attach('t1')]);
    const stale: ClusterEvent = { type: 'prepared', trainerId: 't1', jobId: 'none', step: 1, digest: 'd' };
    const decision = decide(state, stale, 4000);
    expect(decision.reason).toBe('ignored: trainer "t1" (t1) speaks of job "none", which is unknown');
    expect(decision.next.trainers[0]?.lastSeenMs).toBe(4000);
  });

  it('does not take a clock that goes back for silence', () => {
    const state = decide(createClusterState({ version: '0.1.0' }), attach('t1'), 9000).next;
    expect(decide(state, { type: 'tick' }, 0).next.trainers).toHaveLength(1);
  });
});

describe('a trainer that leaves after the last step', () => {
  /** Two trainers at the end of a job of one step: its state is being copied from the first. */
  const copying = () => {
    const request = { id: 'x', virtualWorkers: 2, totalSteps: 1, minTrainers: 2, checkpointEvery: 1, startStep: 0, numericsClass: null };
    let state = play([attach('t1'), attach('t2'), { type: 'jobSubmitted', job: request }]);
    for (let next = trainersSay(state); next; next = trainersSay(state)) state = play([next], state);
    return state;
  };
  /** What trainers and reducer say, until only the store is waited for. */
  const trainersSay = (state: ClusterState) => goodEvents(state).find(({ type }) => !type.startsWith('checkpoint'));
  const leave = (trainerId: string): ClusterEvent => ({ type: 'trainerDetached', trainerId, why: 'its connection ended' });
  const finish = (state: ClusterState) => {
    let now = state;
    for (let [next] = goodEvents(now); next; [next] = goodEvents(now)) now = play([next], now);
    return now.jobs[0]?.status.phase;
  };

  it('costs the job nothing when its state is not the one that is copied', () => {
    expect(finish(play([leave('t2')], copying()))).toBe('succeeded');
  });

  it('costs the job nothing when the copy is made, nor do all of them', () => {
    const copied = play([{ type: 'checkpointCopied', jobId: 'x', step: 1 }], copying());
    expect(finish(play([leave('t1')], copied))).toBe('succeeded');
    const alone = play([leave('t1'), leave('t2')], copied);
    expect(alone.trainers).toEqual([]);
    expect(finish(alone)).toBe('succeeded');
  });

  it('fails it while its state is being copied', () => {
    expect(jobView(play([leave('t1')], copying()), 'x')).toMatchObject({ phase: 'failed', errorCode: 'trainer_lost' });
  });
});

describe('views', () => {
  it('know nothing of a job that nobody submitted', () => {
    const state = play([]);
    expect(jobView(state, 'x')).toBeUndefined();
    expect(jobViews(state)).toEqual([]);
    expect(waitingFor(state, 'x')).toEqual([]);
  });

  it('show each field of a job that starts', () => {
    const state = play([submit('x'), submit('y'), attach('t1')]);
    expect(jobViews(state).map((view) => view.id)).toEqual(['x', 'y']);
    expect(jobView(state, 'x')).toEqual({
      id: 'x',
      phase: 'starting',
      reason: 'starting: 0/1 trainers ready, waiting for "t1"',
      step: 0,
      totalSteps: 2,
      startedAtStep: 0,
      loss: null,
      checkpoints: 0,
      resumeStep: null,
      lastCheckpoint: null,
      weightsSha256: null,
      trainers: ['t1'],
      errorCode: null,
    });
    expect(waitingFor(state, 'x')).toEqual(['t1']);
  });
});
