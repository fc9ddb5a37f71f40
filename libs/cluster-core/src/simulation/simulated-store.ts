import type { ClusterEvent } from '../event.js';
import type { JobRequest, StateFile } from '../job.js';
import type { World } from './world.js';

/** How long a copy that does not move is tried. */
const patienceMs = 2000;
const retryMs = 200;

/** Where checkpoints are kept: first beside the coordinator, on disk, then in a store that can be away. Both outlive it. */
export class SimulatedStore {
  /** By step: the state. */
  readonly stored = new Map<number, number>();
  readonly spool = new Map<number, number>();
  isOut = false;
  #world: World | null = null;

  attach(world: World): void {
    this.#world = world;
  }

  /** Copies the state files from a trainer, then stores them. */
  copy(jobId: string, step: number, fromTrainerId: string, files: readonly StateFile[], sinceMs = this.#clock.nowMs): void {
    this.#later(30, () => {
      if (this.spool.has(step) || this.stored.has(step)) return this.#copied(jobId, step);
      const state = this.#get.coordinator.filesOf(fromTrainerId, step, files);
      if (state === 'gone' || (state === 'stuck' && this.#clock.nowMs - sinceMs > patienceMs)) {
        return this.#say({ type: 'copyFailed', jobId, step, trainerId: fromTrainerId, message: state });
      }
      if (state === 'stuck') return this.#later(retryMs, () => this.copy(jobId, step, fromTrainerId, files, sinceMs));
      this.spool.set(step, state);
      this.#copied(jobId, step);
    });
  }

  /** What a new coordinator finds: goes on where the one before stopped. */
  resume(jobId: string, storing: readonly number[]): void {
    for (const step of storing) {
      if (this.spool.has(step)) this.#upload(jobId, step);
      else if (this.stored.has(step)) this.#say(storedEvent(jobId, step));
    }
  }

  /** The newest checkpoint: where the job goes on. */
  reopen(request: JobRequest): void {
    this.#later(20, () => {
      if (this.isOut) return this.#later(retryMs, () => this.reopen(request));
      this.#get.counts.reopened++;
      const startStep = Math.max(0, ...this.stored.keys());
      this.#say({ type: 'jobReopened', job: { ...request, startStep } });
    });
  }

  #copied(jobId: string, step: number): void {
    this.#say({ type: 'checkpointCopied', jobId, step });
    this.#upload(jobId, step);
  }

  #upload(jobId: string, step: number): void {
    this.#later(40, () => {
      if (this.isOut) return this.#later(retryMs, () => this.#upload(jobId, step));
      const state = this.spool.get(step);
      if (state !== undefined) this.stored.set(step, state);
      this.spool.delete(step);
      if (this.stored.has(step)) this.#say(storedEvent(jobId, step));
    });
  }

  get #get(): World {
    if (!this.#world) throw new Error('the store belongs to no world yet');
    return this.#world;
  }

  get #clock(): World['clock'] {
    return this.#get.clock;
  }

  /** Work of a coordinator ends with it. */
  #later(ms: number, run: () => void): void {
    const { clock, chance, coordinator } = this.#get;
    const { life } = coordinator;
    clock.after(chance.between(ms / 2, 2 * ms), () => coordinator.whileAwake(life, run));
  }

  #say(event: ClusterEvent): void {
    this.#get.coordinator.play(event);
  }
}

function storedEvent(jobId: string, step: number): ClusterEvent {
  return { type: 'checkpointStored', jobId, step, manifestDigest: `m${step}`, weightsSha256: `w${step}` };
}
