import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { LeafBatch as DeviceBatch } from '@langevin/diffusion-core';

/** A leaf that is ready to be computed. */
export interface StagedLeaf {
  readonly batch: DeviceBatch;
  /** Σ weight of its samples. */
  readonly weightSum: number;
}

/** Leaves that were brought to the device before they are computed, with their noise: each is used once. */
export class StagedLeaves implements Disposable {
  readonly #leaves = new Map<string, StagedLeaf & { readonly step: number }>();

  /** Takes the tensors over. A leaf that came before is replaced. */
  put(step: number, firstSlot: number, leaf: StagedLeaf): void {
    this.#drop(keyOf(step, firstSlot));
    this.#leaves.set(keyOf(step, firstSlot), { ...leaf, step });
  }

  /** The tensors are the caller's. @throws LangevinError `internal` when the leaf was not staged */
  take(step: number, firstSlot: number): StagedLeaf {
    const leaf = this.#leaves.get(keyOf(step, firstSlot));
    if (!leaf) throw new LangevinError('internal', `the leaf of step ${step} whose samples begin at ${firstSlot} was not staged`);
    this.#leaves.delete(keyOf(step, firstSlot));
    return leaf;
  }

  /** Forgets what was staged for steps up to this one, and not used. */
  forget(step: number): void {
    for (const [key, leaf] of this.#leaves) if (leaf.step <= step) this.#drop(key);
  }

  [Symbol.dispose](): void {
    this.forget(Infinity);
  }

  #drop(key: string): void {
    const leaf = this.#leaves.get(key);
    if (leaf) tf.dispose({ ...leaf.batch });
    this.#leaves.delete(key);
  }
}

function keyOf(step: number, firstSlot: number): string {
  return `${step} ${firstSlot}`;
}
