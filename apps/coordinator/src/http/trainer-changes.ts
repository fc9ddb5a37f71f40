import type { ClusterEvent, ClusterState, Effect, Job, Trainer } from '@langevin/cluster-core';

/** One decision: what happened, the state before and after it, and what follows. */
export interface ObservedDecision {
  readonly event: ClusterEvent;
  readonly before: ClusterState;
  readonly after: ClusterState;
  readonly effects: readonly Effect[];
  readonly reason: string;
}

/** Why trainers come and go, in words that never become more. */
export const changeReasons = {
  joined: ['start', 'joined', 'returned'],
  lost: ['silent', 'closed', 'broken', 'exchange', 'reconnected', 'other'],
  evicted: ['diverged', 'failed', 'numerics_mismatch', 'behind', 'other'],
  drained: ['request', 'shutdown'],
  refused: ['version_mismatch', 'name_taken'],
} as const;

/** What became of a trainer. */
export type ChangeKind = keyof typeof changeReasons;

/** A trainer that has come to a job, or has gone. */
export type TrainerChange = { readonly [Kind in ChangeKind]: { readonly kind: Kind; readonly reason: (typeof changeReasons)[Kind][number] } }[ChangeKind] & {
  readonly trainerId: string;
  readonly name: string;
  /** The job that it came to, or was in; null for one that was idle. */
  readonly jobId: string | null;
};

/** Who has come and gone with a decision. */
export function trainerChanges(decision: ObservedDecision): readonly TrainerChange[] {
  return [...refused(decision), ...gone(decision), ...excluded(decision), ...joined(decision)];
}

function refused({ event, effects }: ObservedDecision): TrainerChange[] {
  if (event.type !== 'trainerAttached') return [];
  const refusal = effects.find((effect) => effect.type === 'refuseTrainer' && effect.jobId === null);
  if (refusal?.type !== 'refuseTrainer') return [];
  return [{ kind: 'refused', reason: refusal.code === 'version_mismatch' ? 'version_mismatch' : 'name_taken', trainerId: event.trainerId, name: event.name, jobId: null }];
}

/** Those that are not attached any more. */
function gone(decision: ObservedDecision): TrainerChange[] {
  const { before, after, event, effects } = decision;
  if (before.trainers === after.trainers) return [];
  const attached = new Set(after.trainers.map(({ id }) => id));
  return before.trainers
    .filter(({ id }) => !attached.has(id))
    .map(({ id: trainerId, name, jobId, draining }): TrainerChange => {
      const who = { trainerId, name, jobId };
      if (effects.some((effect) => effect.type === 'releaseTrainer' && effect.trainerId === trainerId)) return { kind: 'drained', reason: isAsked(draining, event) ? 'request' : 'shutdown', ...who };
      const drop = effects.find((effect) => effect.type === 'dropTrainer' && effect.trainerId === trainerId);
      if (drop?.type === 'dropTrainer' && drop.code === 'trainer_diverged') return { kind: 'evicted', reason: 'diverged', ...who };
      return { kind: 'lost', reason: lossReason(event.type === 'trainerDetached' ? event.why : drop?.type === 'dropTrainer' ? drop.reason : ''), ...who };
    });
}

function isAsked(draining: string | null, event: ClusterEvent): boolean {
  const why = draining ?? (event.type === 'trainerDraining' ? event.why : '');
  return why === 'it was asked to';
}

/** What ends a connection, from the words that say so. */
function lossReason(why: string): (typeof changeReasons)['lost'][number] {
  if (why.startsWith('silent')) return 'silent';
  if (why === 'connection closed') return 'closed';
  if (why.startsWith('connection failed')) return 'broken';
  if (why.includes('exchange gradients')) return 'exchange';
  return why === 'it has connected anew' ? 'reconnected' : 'other';
}

/** Those that stay attached, and take no part any more in a job that goes on. */
function excluded({ before, after, event, effects }: ObservedDecision): TrainerChange[] {
  if (before.trainers === after.trainers) return [];
  const now = new Map(after.trainers.map((trainer) => [trainer.id, trainer]));
  return before.trainers.flatMap((trainer): TrainerChange[] => {
    const { id: trainerId, name, jobId } = trainer;
    if (jobId === null || now.get(trainerId)?.jobId !== null || !isLive(after, jobId) || trainer.draining !== null || isDraining(now.get(trainerId))) return [];
    const refusal = effects.find((effect) => effect.type === 'refuseTrainer' && effect.trainerId === trainerId);
    const reason = refusal?.type === 'refuseTrainer' && refusal.code === 'numerics_mismatch' ? 'numerics_mismatch' : exclusions[event.type];
    return [{ kind: 'evicted', reason: reason ?? 'other', trainerId, name, jobId }];
  });
}

const exclusions: Partial<Record<ClusterEvent['type'], (typeof changeReasons)['evicted'][number]>> = { trainerFailed: 'failed', fellBehind: 'behind' };

function isDraining(trainer: Trainer | undefined): boolean {
  return trainer !== undefined && trainer.draining !== null;
}

function isLive({ jobs }: ClusterState, jobId: string): boolean {
  return jobs.some(({ request, status }) => request.id === jobId && (status.phase === 'running' || status.phase === 'starting'));
}

/** Those that take part from now on. */
function joined({ before, after }: ObservedDecision): TrainerChange[] {
  if (before.jobs === after.jobs) return [];
  return after.jobs.flatMap((job) => {
    const old = before.jobs.find(({ request }) => request.id === job.request.id);
    if (old === job || job.status.phase !== 'running') return [];
    if (old?.status.phase === 'running' && old.status.members === job.status.members) return [];
    const known = new Set(old?.status.phase === 'running' ? old.status.members.map(({ trainerId }) => trainerId) : []);
    const reason = comesHow(old);
    return job.status.members.filter(({ trainerId }) => !known.has(trainerId)).map(({ trainerId, name }): TrainerChange => ({ kind: 'joined', reason, trainerId, name, jobId: job.request.id }));
  });
}

function comesHow(old: Job | undefined): (typeof changeReasons)['joined'][number] {
  if (old?.status.phase !== 'running') return 'start';
  return old.status.stage.kind === 'recovering' ? 'returned' : 'joined';
}
