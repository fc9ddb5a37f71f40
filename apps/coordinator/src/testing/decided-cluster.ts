import { createClusterState, decide, type ClusterEvent, type ClusterState, type JobRequest } from '@langevin/cluster-core';
import type { ObservedDecision } from '../http/trainer-changes.js';

/** A cluster of decisions alone: no process, no socket, and a clock that the spec moves. */
export class DecidedCluster {
  nowMs = 0;
  state: ClusterState = createClusterState({ version: '1' });
  readonly #onDecision: (decision: ObservedDecision) => void;

  constructor(onDecision: (decision: ObservedDecision) => void = () => undefined) {
    this.#onDecision = onDecision;
  }

  decide(event: ClusterEvent): ObservedDecision {
    const before = this.state;
    const { next: after, effects, reason } = decide(before, event, this.nowMs);
    this.state = after;
    const decision = { event, before, after, effects, reason };
    this.#onDecision(decision);
    return decision;
  }

  /** Takes a trainer in; its id is its name. */
  attach(name: string, version = '1'): ObservedDecision {
    return this.decide({ type: 'trainerAttached', trainerId: name, name, version, incarnation: `${name}-1`, pullAddress: 'host:1', numerics: {}, holds: null });
  }

  ready(name: string): ObservedDecision {
    return this.decide({ type: 'trainerReady', trainerId: name, jobId: 'digits', numerics: { cpu: 'same' } });
  }

  prepared(name: string, step: number, digest = `digest ${step}`): ObservedDecision {
    return this.decide({ type: 'prepared', trainerId: name, jobId: 'digits', step, digest, loss: 1, finite: true, norm: 1, leafMs: 10 });
  }

  /** Everybody in turn holds the same. */
  step(step: number, ...names: string[]): void {
    for (const name of names) this.prepared(name, step);
  }

  /** A job of these trainers that runs. */
  start(names: readonly string[], request: Partial<JobRequest> = {}): void {
    for (const name of names) this.attach(name);
    const job: JobRequest = { id: 'digits', virtualWorkers: 4, blocks: 1, exchange: 'peers', totalSteps: 1000, minTrainers: 1, checkpointEvery: 1000, startStep: 0, numericsClass: null, ...request };
    this.decide({ type: 'jobSubmitted', job });
    for (const name of names) this.ready(name);
  }
}
