import type { Job, Member } from './job.js';
import type { ClusterState } from './state.js';

/**
 * Whether what a decision has changed must be on disk before any of its effects is carried out: who holds a job's state,
 * and its checkpoints. Commits need not: the trainers hold them, so their records may be written in groups, later.
 */
export function mustSync(before: ClusterState, after: ClusterState): boolean {
  if (before.jobs === after.jobs) return false;
  if (before.jobs.length !== after.jobs.length) return true;
  return after.jobs.some((job, place) => {
    const old = before.jobs[place];
    return old !== job && (!old || differs(old, job));
  });
}

function differs(old: Job, job: Job): boolean {
  if (old.request !== job.request || old.checkpoint !== job.checkpoint || old.copying !== job.copying || old.storing !== job.storing) return true;
  const [a, b] = [old.status, job.status];
  if (a.phase !== b.phase) return true;
  if (a.phase === 'queued' && b.phase === 'queued') return a.reopening !== b.reopening;
  if (a.phase !== 'running' || b.phase !== 'running') return false;
  return !same(a.members, b.members) || expectedOf(a).length !== expectedOf(b).length || (a.away.length !== b.away.length && a.away.length === 0) || a.relayed !== b.relayed;
}

function same(a: readonly Member[], b: readonly Member[]): boolean {
  return a === b || (a.length === b.length && a.every(({ trainerId }, place) => b[place]?.trainerId === trainerId));
}

function expectedOf(run: Extract<Job['status'], { phase: 'running' }>): readonly Member[] {
  return run.stage.kind === 'recovering' ? run.stage.expected : [];
}
