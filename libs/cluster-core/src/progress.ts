import { atBoundary } from './boundary.js';
import type { Decision } from './decision.js';
import { succeedJob } from './ending.js';
import type { Job, Running, Stage } from './job.js';
import { goOnRecovered } from './recovery.js';
import { andThenRunning, nothing } from './running.js';
import { settleSnapshot, takeStates } from './snapshot.js';
import type { ClusterState } from './state.js';
import { announceStep, pause, settleStep } from './stepping.js';
import { held } from './voting.js';

/**
 * Takes the running job as far as it goes: whatever the last event made whole is settled, until it waits for somebody
 * again. All other modules only note what has happened.
 */
export function progress(state: ClusterState, nowMs: number): Decision {
  let all = nothing(state);
  for (let before: ClusterState | null = null; all.next !== before; ) {
    before = all.next;
    all = andThenRunning(all, (next, job, run) => advance(next, job, run, nowMs));
  }
  return all;
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
      return afterCommit(state, job, run, stage);
    case 'waiting':
      return job.copying === null ? takeStates(state, job, run, stage.step) : nothing(state);
    case 'snapshot':
      return stage.reports.length === run.members.length ? settleSnapshot(state, job, run, stage, nowMs) : nothing(state);
    case 'between':
      return atBoundary(state, job, run, nowMs);
    case 'finishing':
      return job.storing.length === 0 ? succeedJob(state, job) : nothing(state);
    case 'recovering':
      return stage.expected.length === 0 ? goOnRecovered(state, job, run, stage) : nothing(state);
    case 'paused':
      return nothing(state);
  }
}

/** A checkpoint where one is due and is not kept already, or else the next step. */
function afterCommit(state: ClusterState, job: Job, run: Running, { step }: Extract<Stage, { kind: 'committed' }>): Decision {
  const { totalSteps, checkpointEvery } = job.request;
  const isDue = step % checkpointEvery === 0 || step === totalSteps;
  const isKept = job.checkpoint?.step === step || job.storing.includes(step);
  if (isDue && !isKept) return takeStates(state, job, run, step);
  const stage: Stage = { kind: step === totalSteps ? 'finishing' : 'between', step };
  return { next: { ...state, jobs: state.jobs.map((other) => (other === job ? { ...job, status: { ...run, stage } } : other)) }, effects: [], reason: '' };
}

function tooFew({ request }: Job, { members }: Running): string {
  return `${members.length}/${request.minTrainers} trainers`;
}

