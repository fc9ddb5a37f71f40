import { reopening } from './checkpoint.js';
import { ignore, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import { failJob, succeedJob } from './ending.js';
import type { JobEvent, MembershipEvent } from './event.js';
import type { HeldReport, HeldState, Job, Member, Recovering, Running } from './job.js';
import { joinerOf } from './joining.js';
import { isKept, withoutCopy } from './kept.js';
import { assign, findJob, findTrainer, names, withJob, withStage } from './records.js';
import { nothing, whileRunning } from './running.js';
import type { ClusterState, Trainer } from './state.js';

/** Nobody has come back: how many times as long they are waited for. */
const patience = 3;

/** Takes up the jobs that an earlier coordinator had: those that ran wait for their trainers. */
export function recovered(state: ClusterState, { jobs, generation }: Extract<MembershipEvent, { type: 'recovered' }>, nowMs: number): Decision {
  const taken = jobs.map((job) => takeUp(job, nowMs));
  const live = taken.filter(({ status }) => status.phase === 'running' || status.phase === 'queued');
  const reason = `took up ${live.length === 0 ? 'no job' : live.map(({ request, committed }) => `job "${request.id}" at step ${committed}`).join(', ')} from the log`;
  return { next: { ...state, jobs: taken, generation: Math.max(state.generation, generation) }, effects: taken.flatMap(reopening), reason };
}

function takeUp(job: Job, nowMs: number): Job {
  const { status, request, copying } = job;
  if (status.phase === 'starting') return { ...job, status: { phase: 'queued', lost: status.lost, reopening: false } };
  if (status.phase !== 'running') return withoutCopy(job);
  const nobody = { members: [], joiners: [], away: [], sharing: null, leafMs: {}, stepsOnPlan: -1 };
  // Nothing is left to do but to store what is copied.
  const isCopied = job.committed === request.totalSteps && copying === null && isKept(job, job.committed);
  if (isCopied) return { ...job, status: { ...status, ...nobody, stage: { kind: 'finishing', step: job.committed } } };
  const earlier = status.stage.kind === 'recovering' ? status.stage.expected : [];
  const expected = [...status.members, ...status.away, ...earlier].map((member) => ({ ...member, trainerId: formerId(member.trainerId) }));
  const stage: Recovering = { kind: 'recovering', step: job.committed + 1, sinceMs: nowMs, why: 'the coordinator was away', expected, returned: [] };
  return { ...job, copying: copying && { ...copying, holders: copying.holders.map(formerId) }, status: { ...status, ...nobody, stage } };
}

/** Ids are unique within a coordinator's term alone: those of the one before must not be taken for those of now. */
function formerId(trainerId: string): string {
  return trainerId.startsWith('former ') ? trainerId : `former ${trainerId}`;
}

/** A trainer has come, perhaps back: one that held the state of the job which waits for it takes its place again. */
export function trainerReturned(state: ClusterState, trainer: Trainer, holds: HeldState | null): Decision {
  return whileRunning(state, (next, job, run) => {
    const { stage } = run;
    const isIt = ({ incarnation, name }: Member): boolean => incarnation === trainer.incarnation || name === trainer.name;
    if (stage.kind !== 'recovering') return forget(next, job, run, isIt);
    const place = stage.expected.find(isIt);
    if (!place) return nothing(next);
    const expected = stage.expected.filter((other) => other !== place);
    if (holds?.jobId !== job.request.id || place.incarnation !== trainer.incarnation) {
      return { next: withStage(next, job, run, { ...stage, expected }), effects: [], reason: `it is back in job "${job.request.id}" without its state` };
    }
    const back: Recovering = { ...stage, expected, returned: [...stage.returned, { ...holds, trainerId: trainer.id }] };
    const copying = job.copying && { ...job.copying, holders: job.copying.holders.map((id) => (id === place.trainerId ? trainer.id : id)) };
    const member: Member = { ...place, trainerId: trainer.id };
    const taken = withStage(assign(next, [trainer.id], job.request.id), { ...job, copying }, { ...run, members: [...run.members, member] }, back);
    return { next: taken, effects: [], reason: `it is back in job "${job.request.id}" with the state after step ${holds.applied}` };
  });
}

/** Whoever has been away is about to join anew, and drops what it holds. */
function forget(state: ClusterState, job: Job, run: Running, isIt: (member: Member) => boolean): Decision {
  if (!run.away.some(isIt)) return nothing(state);
  return nothing(withJob(state, { ...job, status: { ...run, away: run.away.filter((member) => !isIt(member)) } }));
}

/** Whoever has not come back by now is lost. */
export function tick(state: ClusterState, nowMs: number): Decision {
  const waits = whileRunning(state, (next, job, run) => {
    const { stage } = run;
    if (stage.kind !== 'recovering') return nothing(next);
    const { returnMs } = next.config;
    const waitMs = run.members.length > 0 ? returnMs : patience * returnMs;
    if (nowMs - stage.sinceMs < waitMs) return { next, effects: [], reason: `waiting for ${names(stage.expected)}` };
    return { next: withStage(next, job, run, { ...stage, expected: [] }), effects: [], reason: `${names(stage.expected)} did not come back within ${waitMs} ms` };
  });
  return waits.reason === '' ? { ...waits, reason: `${state.trainers.length} trainers` } : waits;
}

/** Applied anywhere means committed: the newest state that anybody has is the job's. Who has another one joins anew. */
export function goOnRecovered(state: ClusterState, job: Job, run: Running, { returned, why }: Recovering): Decision {
  const committed = returned.reduce((most, { applied }) => Math.max(most, applied), job.committed);
  const isNew = committed > job.committed;
  const chain = isNew ? commonest(returned.filter(({ applied }) => applied === committed).map((held) => held.chain)) : job.chain;
  const isThere = (held: HeldReport): boolean => held.applied === committed && held.chain === chain;
  const isInDoubt = ({ applied, prepared }: HeldReport): boolean => applied === committed - 1 && prepared?.digest === chain;
  const current = returned.filter((held) => isThere(held) || isInDoubt(held));
  if (current.length === 0) return requeue(state, job, run, why);
  const ids = new Set(current.map(({ trainerId }) => trainerId));
  const members = run.members.filter(({ trainerId }) => ids.has(trainerId));
  const stale = run.members.filter(({ trainerId }) => !ids.has(trainerId));
  const jobId = job.request.id;
  const loss = isNew ? (current.find(isThere)?.loss ?? 0) : job.loss;
  const status: Running = { ...run, members, joiners: [...run.joiners, ...stale.map(joinerOf)], away: [], stage: { kind: 'committed', step: committed } };
  const resumed = withHolders(state, { ...job, committed, chain, loss, status });
  return {
    next: withJob(state, resumed),
    effects: [
      ...(isNew ? [{ type: 'stepCommitted', jobId, step: committed, digest: chain, loss: loss ?? 0 } as const] : []),
      ...current.filter(isInDoubt).map(({ trainerId }): Effect => ({ type: 'commit', trainerId, jobId, step: committed, digest: chain })),
      ...stale.map(({ trainerId }): Effect => ({ type: 'startJob', trainerId, jobId, joins: true })),
      ...copyAgain(resumed),
    ],
    reason: `job "${jobId}" goes on after step ${committed} with ${names(members)}`,
  };
}

/** Who of those that kept the files of a checkpoint is still there; without any the job does without it. */
function withHolders(state: ClusterState, job: Job): Job {
  if (job.copying === null) return job;
  const holders = job.copying.holders.filter((id) => findTrainer(state, id));
  return holders.length > 0 ? { ...job, copying: { ...job.copying, holders } } : withoutCopy(job);
}

function copyAgain({ copying, request }: Job): Effect[] {
  const [from] = copying?.holders ?? [];
  return copying && from !== undefined ? [{ type: 'storeCheckpoint', jobId: request.id, step: copying.step, loss: copying.loss, fromTrainerId: from, files: copying.files }] : [];
}

function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, group) => (group[1] > best[1] ? group : best), ['', 0])[0];
}

/** Nobody holds the job's state any more: it goes on from its newest checkpoint as soon as there are trainers. */
export function requeue(state: ClusterState, job: Job, run: Running, why: string): Decision {
  const { id } = job.request;
  const ids = [...run.members, ...run.joiners].map(({ trainerId }) => trainerId);
  const request = { ...job.request, numericsClass: run.numericsClass };
  const queued: Job = { ...withoutCopy(job), request, status: { phase: 'queued', lost: why, reopening: true } };
  const reason = `job "${id}" has lost every trainer that held its state (${why}): it goes on from its newest checkpoint`;
  const stopped = ids.filter((trainerId) => findTrainer(state, trainerId)).map((trainerId): Effect => ({ type: 'stopJob', trainerId, jobId: id, reason }));
  return { next: assign(withJob(state, queued), ids, null), effects: [...stopped, ...reopening(queued)], reason };
}

/** The checkpoint is found: the job is in the queue again. */
export function jobReopened(state: ClusterState, { job: found }: Extract<JobEvent, { type: 'jobReopened' }>): Decision {
  const job = findJob(state, found.id);
  if (job?.status.phase !== 'queued' || !job.status.reopening) return ignore(state, `job "${found.id}" was not to be reopened`);
  // The class that it ran in holds, also where there was no checkpoint yet.
  const request = { ...job.request, startStep: found.startStep, numericsClass: found.numericsClass ?? job.request.numericsClass };
  const reopened: Job = { ...job, request, committed: request.startStep, chain: '', loss: null, status: { ...job.status, reopening: false } };
  if (request.startStep >= request.totalSteps) return succeedJob(withJob(state, reopened), reopened);
  const from = request.startStep > 0 ? `goes on from the checkpoint at step ${request.startStep}` : 'starts again: it had no checkpoint';
  return { next: withJob(state, reopened), effects: [], reason: `job "${request.id}" ${from}` };
}

/** There is nothing to go on from. */
export function reopenFailed(state: ClusterState, { jobId, code, message }: Extract<JobEvent, { type: 'reopenFailed' }>): Decision {
  const job = findJob(state, jobId);
  if (job?.status.phase !== 'queued' || !job.status.reopening) return ignore(state, `job "${jobId}" was not to be reopened`);
  return failJob(state, job, code, `${job.status.lost ?? 'every trainer was lost'}, and its checkpoint cannot be read: ${message}`);
}
