import { andThen, ignore, type Decision } from './decision.js';
import type { StepEvent } from './event.js';
import { loseTrainer } from './loss.js';
import { findLiveJob, findTrainer, seatOf, trainerLabel, withJob } from './records.js';
import { COORDINATOR, planRelayed } from './replan.js';
import type { ClusterState } from './state.js';

/** Silence, in ms, after which trouble with a trainer is its own: whoever notes that decides. */
const silentMs = 1000;

/**
 * Two of a job cannot reach each other though both live: from now on the coordinator, which reaches both, reduces. One
 * that the coordinator cannot reach either is lost.
 */
export function peerTrouble(state: ClusterState, event: Extract<StepEvent, { type: 'peerTrouble' }>, nowMs: number): Decision {
  const { trainerId, peerId, jobId, problem } = event;
  const job = findLiveJob(state);
  if (job?.request.id !== jobId || job.status.phase !== 'running') return ignore(state, `job "${jobId}" does not run`);
  if (trainerId === peerId) return ignore(state, `${trainerId} has trouble with itself`);
  const run = job.status;
  const [reporter, peer] = [trainerId, peerId].map((id) => run.members[seatOf(run.members, id)]);
  const outsider = trainerId === COORDINATOR ? peer : peerId === COORDINATOR ? reporter : undefined;
  if (outsider && run.relayed === null) return ignore(state, `${trainerLabel(outsider)} and the coordinator cannot exchange gradients, and need not: ${problem}`);
  if (outsider) {
    const trainer = findTrainer(state, outsider.trainerId);
    const why = `it and the coordinator cannot exchange gradients: ${problem}`;
    if (!trainer) return ignore(state, `trainer ${outsider.trainerId} is not attached`);
    const dropped: Decision = { next: state, effects: [{ type: 'dropTrainer', trainerId: trainer.id, code: 'unavailable', reason: why }], reason: '' };
    return andThen(dropped, (next) => loseTrainer(next, trainer, { why, mayReturn: true, nowMs }));
  }
  if (!reporter || !peer) return ignore(state, `${trainerId} has trouble with ${peerId}, and not both take part in job "${jobId}"`);
  const what = `${trainerLabel(reporter)} cannot get data from ${trainerLabel(peer)}: ${problem}`;
  if (event.peerSilentMs > silentMs) return ignore(state, `${what}; that one has been silent for ${event.peerSilentMs} ms itself`);
  if (run.relayed !== null) return ignore(state, `${what}; the coordinator reduces already`);
  const generation = state.generation + 1;
  const plan = planRelayed(run.plan, run.members.map((member) => member.trainerId), job.request.blocks, generation);
  const next = withJob({ ...state, generation }, { ...job, status: { ...run, plan, stepsOnPlan: -1, relayed: `"${reporter.name}" cannot reach "${peer.name}"` } });
  return { next, effects: [], reason: `${what}; from now on the coordinator reduces the gradients of job "${jobId}"` };
}
