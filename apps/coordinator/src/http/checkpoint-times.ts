import type { ObservedDecision } from './trainer-changes.js';

/** A part of the way of a checkpoint: its copy from a trainer to the coordinator, or from there into the store. */
export interface CheckpointTime {
  readonly phase: 'copy' | 'store';
  readonly tookMs: number;
}

/** Times how checkpoints get from a trainer into the store. */
export class CheckpointTimes {
  readonly #begun = new Map<string, number>();

  /** Told of every decision; gives what has ended with it. */
  observe({ event, effects }: Pick<ObservedDecision, 'event' | 'effects'>, nowMs: number): CheckpointTime | null {
    for (const effect of effects) if (effect.type === 'storeCheckpoint') this.#begun.set(keyOf('copy', effect), nowMs);
    if (event.type === 'checkpointCopied') {
      this.#begun.set(keyOf('store', event), nowMs);
      return this.#end('copy', keyOf('copy', event), nowMs);
    }
    if (event.type === 'checkpointStored') return this.#end('store', keyOf('store', event), nowMs);
    if (event.type === 'copyFailed') this.#begun.delete(keyOf('copy', event));
    if (event.type === 'checkpointFailed') this.#begun.delete(keyOf('store', event));
    return null;
  }

  #end(phase: CheckpointTime['phase'], key: string, nowMs: number): CheckpointTime | null {
    const beganMs = this.#begun.get(key);
    this.#begun.delete(key);
    return beganMs === undefined ? null : { phase, tookMs: nowMs - beganMs };
  }
}

function keyOf(phase: string, { jobId, step }: { readonly jobId: string; readonly step: number }): string {
  return `${phase} ${step} ${jobId}`;
}
