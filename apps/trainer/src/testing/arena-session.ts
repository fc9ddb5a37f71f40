import { VectorArena } from '@langevin/collectives';
import type { JobSpec, NumericsClass } from '@langevin/contracts';
import { modelLayout } from '@langevin/diffusion-core';
import type { LeafBatch, StateFiles } from '../compute/protocol.js';
import { openSession, type ComputeSession } from '../compute/session.js';

/** The sums of a subtree, its gradient copied out of the arena. */
export interface CopiedSum {
  readonly gradient: Float32Array;
  readonly weightSum: number;
  readonly lossSum: number;
}

/** A session whose gradients a spec gives, and gets, as plain vectors. */
export interface ArenaSession extends Omit<ComputeSession, 'gradient' | 'apply'> {
  readonly session: ComputeSession;
  /** Where its gradients lie. */
  readonly arena: VectorArena;
  gradient(step: number, leaves: readonly LeafBatch[]): CopiedSum;
  apply(step: number, gradient: Float32Array, learningRate: number): void;
}

/** As `openSession`, with an arena of its own. */
export function openArenaSession(machine: NumericsClass, spec: JobSpec, committed: number, files: StateFiles | null, log?: (line: string) => void): ArenaSession {
  const arena = new VectorArena(modelLayout(spec.model).total);
  const session = openSession(machine, spec, committed, files, arena, log);
  return {
    ...session,
    session,
    arena,
    gradient: (step, leaves) => {
      for (const leaf of leaves) session.stage(step, leaf);
      const { address, ...sums } = session.gradient(step, leaves.map(({ firstSlot }) => firstSlot));
      const vector = arena.vectorAt(address);
      const gradient = Float32Array.from(vector.floats);
      vector.free();
      return { gradient, ...sums };
    },
    apply: (step, gradient, learningRate) => {
      const vector = arena.takeCopy(gradient);
      try {
        session.apply(step, vector.address, learningRate);
      } finally {
        vector.free();
      }
    },
  };
}
