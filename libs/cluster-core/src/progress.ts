import { atBoundary, leave, whilePaused } from './boundary.js';
import { andThen, type Decision } from './decision.js';
import { succeedJob } from './ending.js';
import type { Job, Running } from './job.js';
import { isKept } from './kept.js';
import { startRunning } from './readiness.js';
import { findLiveJob, withStage } from './records.js';
import { goOnRecovered, requeue } from './recovery.js';
import { nothing } from './running.js';
import { settleSharing } from './sharing.js';
import { settleSnapshot, takeStates } from './snapshot.js';
import type { ClusterState } from './state.js';
import { announceStep, pause, settleStep } from './stepping.js';
import { held } from './voting.js';

/**
 * Takes the live job as far as it goes: whatever the last event made whole is settled, until it waits for somebody
 * again. All other modules only note what has happened.
 */
export function progress(state: ClusterState, nowMs: number): Decision {
  let all = nothing(state);
  for (let before: ClusterState | null = null; all.next !== before; ) {
    before = all.next;
    all = andThen(all, (next) => advanceLive(next, nowMs));
  }
  return all;
}

function advanceLive(state: ClusterState, nowMs: number): Decision {
  const job = findLiveJob(state);
  if (job?.status.phase === 'starting') return startRunning(state, job, job.status);
  if (job?.status.phase !== 'running') return nothing(state);
  const settled = settleSharing(state, job, job.status);
  return settled.next === state ? advance(state, job, job.status, nowMs) : settled;
}

/** One step further; the same state when there is nothing to do. */
function advance(state: ClusterState, job: Job, run: Running, nowMs: number): Decision {
  const { stage } = run;
  switch (stage.kind) {
    case 'stepping':
      if (held(stage) === run.members.length) return settleStep(state, job, run, stage, nowMs);
      if (run.members.length < job.request.minTrainers) return pause(state, job, run, stage.step, tooFew(job, run));
      return stage.announced === run.plan.generation ? nothing(state) : announceStep(state, job, run, stage);
    case 'committed':
      return afterCommit(state, job, run, stage.step);
    case 'waiting':
      return job.copying === null ? takeStates(state, job, run, stage.step) : nothing(state);
    case 'snapshot':
      return stage.reports.length === run.members.length ? settleSnapshot(state, job, run, stage, nowMs) : nothing(state);
    case 'between':
      return atBoundary(state, job, run, nowMs);
    case 'finishing':
      return finish(state, job, run, stage.step, nowMs);
    case 'recovering':
      return stage.expected.length === 0 ? goOnRecovered(state, job, run, stage) : nothing(state);
    case 'paused':
      return whilePaused(state, job, run, stage, nowMs);
  }
}

/** A checkpoint where one is due and is not kept already, or else the next step. */
function afterCommit(state: ClusterState, job: Job, run: Running, step: number): Decision {
  const { totalSteps, checkpointEvery } = job.request;
  const isDue = step % checkpointEvery === 0 || step === totalSteps;
  if (isDue && !isKept(job, step)) return takeStates(state, job, run, step);
  return { next: withStage(state, job, run, { kind: step === totalSteps ? 'finishing' : 'between', step }), effects: [], reason: '' };
}

/** The job has succeeded when all of its checkpoints are in the store. A last one that nobody could copy is taken again. */
function finish(state: ClusterState, job: Job, run: Running, step: number, nowMs: number): Decision {
  if (!isKept(job, step) && run.members.length === 0) return requeue(state, job, run, 'nobody has its last state any more');
  if (!isKept(job, step)) return { next: withStage(state, job, run, { kind: 'committed', step }), effects: [], reason: '' };
  return job.storing.length === 0 ? succeedJob(state, job) : leave(state, job, run, nowMs);
}

function tooFew({ request }: Job, { members }: Running): string {
  return `${members.length}/${request.minTrainers} trainers`;
}
