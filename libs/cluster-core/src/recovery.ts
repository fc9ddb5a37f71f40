import { ignore, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import { failJob } from './ending.js';
import type { JobEvent, MembershipEvent } from './event.js';
import type { HeldReport, HeldState, Job, Joiner, Member, Recovering, Running } from './job.js';
import { assign, findJob, findLiveJob, findTrainer, names, withJob, withStage } from './records.js';
import { nothing, whileRunning } from './running.js';
import type { ClusterState, Trainer } from './state.js';

/** Nobody has come back: how many times as long they are waited for. */
const patience = 3;

/** Takes up the jobs that an earlier coordinator had: those that ran wait for their trainers. */
export function recovered(state: ClusterState, { jobs, generation }: Extract<MembershipEvent, { type: 'recovered' }>, nowMs: number): Decision {
  const taken = jobs.map((job): Job => {
    const { status } = job;
    if (status.phase === 'starting') return { ...job, status: { phase: 'queued', lost: null, reopening: false } };
    if (status.phase !== 'running') return job;
    const expected = status.stage.kind === 'recovering' ? [...status.members, ...status.stage.expected] : status.members;
    const stage: Recovering = { kind: 'recovering', step: job.committed + 1, sinceMs: nowMs, why: 'the coordinator was away', expected, returned: [] };
    return { ...job, status: { ...status, members: [], joiners: [], sharing: null, leafMs: {}, stepsOnPlan: -1, stage } };
  });
  const effects = taken.flatMap((job): Effect[] => (job.status.phase === 'queued' && job.status.reopening ? [{ type: 'reopenJob', jobId: job.request.id }] : []));
  const live = taken.filter(({ status }) => status.phase === 'running' || status.phase === 'queued');
  const reason = `took up ${live.length === 0 ? 'no job' : live.map(({ request, committed }) => `job "${request.id}" at step ${committed}`).join(', ')} from the log`;
  return { next: { ...state, jobs: taken, generation: Math.max(state.generation, generation) }, effects, reason };
}

/** A trainer that held the state of the job which waits for it takes its place again; undefined when none does. */
export function trainerReturned(state: ClusterState, trainer: Trainer, holds: HeldState | null): Decision | undefined {
  const job = findLiveJob(state);
  if (job?.status.phase !== 'running' || job.status.stage.kind !== 'recovering' || holds?.jobId !== job.request.id) return undefined;
  const run = job.status;
  const stage = job.status.stage;
  const place = stage.expected.find(({ incarnation }) => incarnation === trainer.incarnation);
  if (!place) return undefined;
  const member: Member = { ...place, trainerId: trainer.id };
  const back: Recovering = { ...stage, expected: stage.expected.filter((other) => other !== place), returned: [...stage.returned, { ...holds, trainerId: trainer.id }] };
  const copying = job.copying && { ...job.copying, holders: job.copying.holders.map((id) => (id === place.trainerId ? trainer.id : id)) };
  const next = withStage(assign(state, [trainer.id], job.request.id), { ...job, copying }, { ...run, members: [...run.members, member] }, back);
  return { next, effects: [], reason: `it is back in job "${job.request.id}" with the state after step ${holds.applied}` };
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
  const committed = Math.max(job.committed, ...returned.map(({ applied }) => applied));
  const isNew = committed > job.committed;
  const chain = isNew ? commonest(returned.filter(({ applied }) => applied === committed).map((held) => held.chain)) : job.chain;
  const isThere = (held: HeldReport): boolean => held.applied === committed && held.chain === chain;
  const isInDoubt = ({ applied, prepared }: HeldReport): boolean => applied === committed - 1 && prepared?.digest === chain;
  const current = returned.filter((held) => isThere(held) || isInDoubt(held));
  if (current.length === 0) return requeue(state, job, run, why);
  const members = run.members.filter(({ trainerId }) => current.some((held) => held.trainerId === trainerId));
  const stale = run.members.filter((member) => !members.includes(member));
  const joiners = [...run.joiners, ...stale.map(({ trainerId, name, incarnation }): Joiner => ({ trainerId, name, incarnation, progress: 'preparing', prepared: 0, retries: 0 }))];
  const jobId = job.request.id;
  const loss = isNew ? (current.find(isThere)?.loss ?? 0) : job.loss;
  const resumed: Job = { ...job, committed, chain, loss, status: { ...run, members, joiners, stage: { kind: 'committed', step: committed } } };
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

function copyAgain({ copying, request }: Job): Effect[] {
  const [from] = copying?.holders ?? [];
  return copying && from !== undefined ? [{ type: 'storeCheckpoint', jobId: request.id, step: copying.step, loss: copying.loss, fromTrainerId: from, files: copying.files }] : [];
}

function commonest(values: readonly string[]): string {
  const count = (value: string): number => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (count(value) > count(best) ? value : best), values[0] ?? '');
}

/** Nobody holds the job's state any more: it goes on from its newest checkpoint as soon as there are trainers. */
export function requeue(state: ClusterState, job: Job, run: Running, why: string): Decision {
  const { id } = job.request;
  const ids = [...run.members, ...run.joiners].map(({ trainerId }) => trainerId);
  const queued: Job = { ...job, copying: null, storing: job.storing.filter((step) => step !== job.copying?.step), status: { phase: 'queued', lost: why, reopening: true } };
  const reason = `job "${id}" has lost every trainer that held its state (${why}): it goes on from its newest checkpoint`;
  return {
    next: assign(withJob(state, queued), ids, null),
    effects: [
      ...ids.filter((trainerId) => findTrainer(state, trainerId)).map((trainerId): Effect => ({ type: 'stopJob', trainerId, jobId: id, reason })),
      { type: 'reopenJob', jobId: id },
    ],
    reason,
  };
}

/** The checkpoint is found: the job is in the queue again. */
export function jobReopened(state: ClusterState, { job: request }: Extract<JobEvent, { type: 'jobReopened' }>): Decision {
  const job = findJob(state, request.id);
  if (job?.status.phase !== 'queued' || !job.status.reopening) return ignore(state, `job "${request.id}" was not to be reopened`);
  const reopened: Job = { ...job, request, committed: request.startStep, chain: '', loss: null, status: { ...job.status, reopening: false } };
  const from = request.startStep > 0 ? `goes on from the checkpoint at step ${request.startStep}` : 'starts again: it had no checkpoint';
  return { next: withJob(state, reopened), effects: [], reason: `job "${request.id}" ${from}` };
}

/** There is nothing to go on from. */
export function reopenFailed(state: ClusterState, { jobId, code, message }: Extract<JobEvent, { type: 'reopenFailed' }>): Decision {
  const job = findJob(state, jobId);
  if (job?.status.phase !== 'queued' || !job.status.reopening) return ignore(state, `job "${jobId}" was not to be reopened`);
  return failJob(state, job, code, `${job.status.lost ?? 'every trainer was lost'}, and its checkpoint cannot be read: ${message}`);
}
