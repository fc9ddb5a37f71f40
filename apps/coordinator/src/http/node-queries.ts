import type { ClusterState, FailureDetector, Trainer } from '@langevin/cluster-core';
import type { NodeInfo, NodeState } from '@langevin/contracts/api';
import { culprits, type TrainerSenses } from './culprits.js';
import { ownedLeaves } from './owned-leaves.js';

/** What a trainer says of itself besides that it lives. */
export interface TrainerReport {
  /** Resident memory of its process, in bytes. */
  readonly memoryBytes: number;
  /** Threads with which it computes. */
  readonly threads: number;
  /** Its last step, in milliseconds; null before one. */
  readonly stepMs: { readonly compute: number; readonly wait: number; readonly exchange: number } | null;
  /** Leaves of the running step that it has still to compute. */
  readonly leavesLeft: number;
}

/** What nodes are described from. */
export interface NodeSources {
  readonly state: () => ClusterState;
  readonly detector: FailureDetector;
  readonly reports: ReadonlyMap<string, TrainerReport>;
  readonly clock: () => number;
}

/** What is known of trainers besides the state of the cluster. */
export function sensesOf({ detector, reports, clock }: NodeSources): TrainerSenses {
  return { reportOf: (id) => reports.get(id), silentMs: (id) => Math.max(0, detector.silentMs(id, clock())) };
}

/** The trainers that are attached, in the order in which they came. */
export function nodes(sources: NodeSources): NodeInfo[] {
  const state = sources.state();
  const senses = sensesOf(sources);
  const awaited = new Map(state.jobs.map(({ request }) => [request.id, culprits(state, request.id, senses).map(({ name }) => name)]));
  return state.trainers.map((trainer) => {
    const report = senses.reportOf(trainer.id);
    const { numerics, jobId } = trainer;
    const holdUps = jobId === null ? [] : (awaited.get(jobId) ?? []);
    return {
      id: trainer.id,
      name: trainer.name,
      address: trainer.pullAddress,
      state: stateOf(state, trainer, report, holdUps),
      waitsFor: waits(state, trainer, holdUps),
      backend: numerics['backend'] ?? '',
      cpuModel: numerics['cpuModel'] ?? '',
      threads: report?.threads ?? 0,
      memoryBytes: report?.memoryBytes ?? 0,
      virtualWorkers: ownedLeaves(state, trainer),
      leavesLeft: report?.leavesLeft ?? 0,
      job: jobId,
      lastSeenMs: Math.round(senses.silentMs(trainer.id)),
      stepMs: report?.stepMs ?? null,
    };
  });
}

function stateOf(state: ClusterState, { id, jobId, name, draining }: Trainer, report: TrainerReport | undefined, holdUps: readonly string[]): NodeState {
  if (draining !== null) return 'draining';
  const status = statusOf(state, jobId);
  if (status?.phase === 'starting') return holdUps.includes(name) ? 'preparing' : 'waiting';
  if (status?.phase !== 'running') return 'idle';
  if (status.joiners.some(({ trainerId }) => trainerId === id)) return 'joining';
  return holdUps.includes(name) && report?.leavesLeft !== 0 ? 'computing' : 'waiting';
}

/** A message stays small, however many compute. */
const mostNames = 8;

/** Whoever has its own part to do waits for nobody; so does a joiner, unless it stands ready before a step that does not end. */
function waits(state: ClusterState, { id, jobId, name }: Trainer, holdUps: readonly string[]): string[] {
  const status = statusOf(state, jobId);
  const joiner = status?.phase === 'running' ? status.joiners.find(({ trainerId }) => trainerId === id) : undefined;
  const isBusy = joiner ? joiner.progress !== 'ready' : holdUps.includes(name);
  return isBusy ? [] : holdUps.slice(0, mostNames);
}

function statusOf(state: ClusterState, jobId: string | null) {
  return state.jobs.find(({ request }) => request.id === jobId)?.status;
}
