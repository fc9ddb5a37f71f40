import { waitingFor, type ClusterState, type FailureDetector, type Trainer } from '@langevin/cluster-core';
import type { NodeInfo } from '@langevin/contracts/api';

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

/** The trainers that are attached, in the order in which they came. */
export function nodes(state: ClusterState, detector: FailureDetector, nowMs: number, reportOf: (trainerId: string) => TrainerReport | undefined): NodeInfo[] {
  return state.trainers.map((trainer) => {
    const report = reportOf(trainer.id);
    const { numerics } = trainer;
    return {
      id: trainer.id,
      name: trainer.name,
      address: trainer.pullAddress,
      state: stateOf(state, trainer, report),
      backend: numerics['backend'] ?? '',
      cpuModel: numerics['cpuModel'] ?? '',
      threads: report?.threads ?? 0,
      memoryBytes: report?.memoryBytes ?? 0,
      virtualWorkers: virtualWorkersOf(state, trainer),
      job: trainer.jobId,
      lastSeenMs: Math.max(0, Math.round(detector.silentMs(trainer.id, nowMs))),
      stepMs: report?.stepMs ?? null,
    };
  });
}

function stateOf(state: ClusterState, { id, jobId, name }: Trainer, report: TrainerReport | undefined): NodeInfo['state'] {
  const job = state.jobs.find(({ request }) => request.id === jobId);
  if (jobId === null || !job) return 'idle';
  if (job.status.phase === 'starting') return 'preparing';
  if (job.status.phase === 'running' && job.status.joiners.some(({ trainerId }) => trainerId === id)) return 'preparing';
  return waitingFor(state, jobId).includes(name) && report?.leavesLeft !== 0 ? 'computing' : 'waiting';
}

function virtualWorkersOf(state: ClusterState, { id, jobId }: Trainer): number {
  const job = state.jobs.find(({ request }) => request.id === jobId);
  if (job?.status.phase !== 'running') return 0;
  const share = job.status.plan.shares.find(({ trainerId }) => trainerId === id);
  return share?.subtrees.reduce((sum, { leaves }) => sum + leaves, 0) ?? 0;
}
