import { waitingFor, type ClusterState, type Job, type Trainer } from '@langevin/cluster-core';
import type { TrainerReport } from './node-queries.js';
import { ownedLeaves } from './owned-leaves.js';

/** Somebody whose part is not done, and what that part is, for people. */
export interface Culprit {
  readonly name: string;
  readonly doing: string;
}

/** What is known of trainers besides the state of the cluster. */
export interface TrainerSenses {
  readonly reportOf: (trainerId: string) => TrainerReport | undefined;
  /** For how long nothing has been heard of it, in ms. */
  readonly silentMs: (trainerId: string) => number;
}

type Member = Extract<Job['status'], { readonly phase: 'running' }>['members'][number];

/** Heartbeats come four times a second: whoever misses four is silent. */
const silenceMs = 1000;

/**
 * Who holds a job up, and with what. Of those that a step waits for, the silent ones; or else those that have still to compute, for
 * without their leaves nobody else can hold the result; or else all of them.
 */
export function culprits(state: ClusterState, jobId: string, senses: TrainerSenses): readonly Culprit[] {
  const job = state.jobs.find(({ request }) => request.id === jobId);
  if (!job) return [];
  const { status } = job;
  if (status.phase === 'running' && status.stage.kind === 'recovering') return status.stage.expected.map(({ name }) => ({ name, doing: 'to come back' }));
  if (status.phase === 'running' && status.stage.kind === 'waiting') return copiedFrom(state, job);
  const names = new Set(waitingFor(state, jobId));
  const awaited = membersOf(job).filter(({ name }) => names.has(name));
  const silent = awaited.filter(({ trainerId }) => senses.silentMs(trainerId) > silenceMs);
  if (silent.length > 0) return silent.map(({ name, trainerId }) => ({ name, doing: `silent for ${(senses.silentMs(trainerId) / 1000).toFixed(1)} s` }));
  if (status.phase !== 'running') return awaited.map(({ name }) => ({ name, doing: 'preparing' }));
  if (status.stage.kind === 'snapshot') return awaited.map(({ name }) => ({ name, doing: 'writing its state' }));
  const computing = awaited.filter(({ trainerId }) => (senses.reportOf(trainerId)?.leavesLeft ?? 0) > 0);
  if (computing.length === 0) return awaited.map(({ name }) => ({ name, doing: 'exchanging gradients' }));
  return computing.map(({ name, trainerId }) => ({ name, doing: leavesText(senses.reportOf(trainerId)?.leavesLeft ?? 0, ownedLeaves(state, { id: trainerId, jobId })) }));
}

/** Several of them in one line: `trainer-2 (3 of 8 leaves to compute)`. */
export function culpritText(all: readonly Culprit[]): string {
  return all.map(({ name, doing }) => `"${name}" (${doing})`).join(', ') || 'nobody that is known';
}

function leavesText(left: number, owned: number): string {
  return `${left} of ${Math.max(left, owned)} ${Math.max(left, owned) === 1 ? 'leaf' : 'leaves'} to compute`;
}

/** The next checkpoint waits until the files of the one before are copied. */
function copiedFrom({ trainers }: ClusterState, { copying }: Job): Culprit[] {
  const holder: Trainer | undefined = trainers.find(({ id }) => id === copying?.holders[0]);
  return holder ? [{ name: holder.name, doing: `its state after step ${copying?.step} is being copied` }] : [];
}

function membersOf({ status }: Job): readonly Member[] {
  return status.phase === 'starting' || status.phase === 'running' ? status.members : [];
}
