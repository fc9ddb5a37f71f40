import { describeDifference, dissenters } from './agreement.js';
import { counted } from './counted.js';
import { ignore, type Decision } from './decision.js';
import type { CheckpointEvent } from './event.js';
import type { Job, Running, Snapshot, Stage, StateReport } from './job.js';
import { findParticipant, seatOf, trainerLabel, withStage } from './records.js';
import { nothing } from './running.js';
import type { ClusterState } from './state.js';
import { evict, pauseForDecision } from './stepping.js';

/**
 * Asks every member for its state after the committed step. While an earlier checkpoint is still being copied, those
 * that hold its files must keep them: the job waits for the copy. It never waits for the store.
 */
export function takeStates(state: ClusterState, job: Job, run: Running, step: number): Decision {
  if (job.copying !== null) {
    const reason = `its state is taken when the checkpoint at step ${job.copying.step} is copied`;
    return { next: withStage(state, job, run, { kind: 'waiting', step }), effects: [], reason };
  }
  const final = step === job.request.totalSteps;
  return {
    next: withStage(state, job, run, { kind: 'snapshot', step, reports: [] }),
    effects: run.members.map(({ trainerId }) => ({ type: 'takeState', trainerId, jobId: job.request.id, step, final })),
    reason: `its ${final ? 'last state' : 'state'} is taken`,
  };
}

/** One trainer's state after a checkpointed step. */
export function stateReported(state: ClusterState, event: Extract<CheckpointEvent, { type: 'stateReported' }>): Decision {
  const found = findParticipant(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, who } = found;
  const { trainerId, step, files } = event;
  const what = `state after step ${step} from ${trainerLabel(who)}`;
  if (job.status.phase !== 'running') return ignore(state, `${what}: job "${event.jobId}" is ${job.status.phase}`);
  const run = job.status;
  const { stage } = run;
  if (stage.kind !== 'snapshot' || stage.step !== step) return ignore(state, `${what}: the job is at step ${stage.step} (${stage.kind})`);
  if (seatOf(run.members, trainerId) < 0) return ignore(state, `${what}: it was not asked`);
  if (stage.reports.some((report) => report.trainerId === trainerId)) return ignore(state, `${what} came already`);
  const reports = [...stage.reports, { trainerId, files }];
  return { next: withStage(state, job, run, { ...stage, reports }), effects: [], reason: `${what}: ${reports.length}/${counted(run.members.length, 'trainer')}` };
}

/** Everybody has reported: the states must be equal, and one is stored. */
export function settleSnapshot(state: ClusterState, job: Job, run: Running, stage: Snapshot, nowMs: number): Decision {
  const odd = dissenters(stage.reports);
  return odd.length > 0 ? diverged(state, job, run, stage, odd, nowMs) : store(state, job, run, stage);
}

function diverged(state: ClusterState, job: Job, run: Running, { step, reports }: Snapshot, odd: readonly StateReport[], nowMs: number): Decision {
  const culprits = run.members.filter(({ trainerId }) => odd.some((report) => report.trainerId === trainerId));
  const differences = culprits.flatMap((member) => {
    const report = odd.find(({ trainerId }) => trainerId === member.trainerId);
    return report ? [`${trainerLabel(member)} has ${describeDifference(report, reports)}`] : [];
  });
  const what = `the states after step ${step} differ: ${differences.join('; ')}`;
  const agree = reports.length - odd.length;
  if (agree === 0) return pauseForDecision(state, job, run, step + 1, what);
  return evict(state, job.request.id, culprits, `${what}; the other ${agree} agree`, nowMs);
}

function store(state: ClusterState, job: Job, run: Running, { step, reports }: Snapshot): Decision {
  const holders = run.members.map(({ trainerId }) => trainerId);
  const [source] = holders;
  const files = reports[0]?.files;
  if (source === undefined || !files) return nothing(state);
  const storing: Job = { ...job, copying: { step, loss: job.loss, files, holders }, storing: [...job.storing, step] };
  const stage: Stage = { kind: step === job.request.totalSteps ? 'finishing' : 'between', step };
  return {
    next: withStage(state, storing, run, stage),
    effects: [{ type: 'storeCheckpoint', jobId: job.request.id, step, loss: job.loss, fromTrainerId: source, files }],
    reason: `${counted(reports.length, 'equal state')} after step ${step}: storing the one of ${source}`,
  };
}
