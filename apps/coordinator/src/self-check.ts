import type { ExchangePlan, Subtree } from '@langevin/cluster-core';

/** Steps from one check of a job to the next. */
const everySteps = 50;

/** What one trainer has found. */
export interface Finding {
  readonly trainer: string;
  readonly step: number;
  readonly subtree: Subtree;
  readonly digest: string;
}

/** Two who computed the same leaves at the same step. */
export interface Comparison {
  readonly step: number;
  readonly subtree: Subtree;
  readonly isEqual: boolean;
  /** Names of both. */
  readonly trainers: readonly [string, string];
}

/**
 * Lets some leaves be computed twice, now and then: what is wrong on one machine in the same way at every step shows in no
 * comparison of results, for all apply the same sum.
 */
export class SelfCheck {
  readonly #findings = new Map<string, Finding>();

  /** The leaves that are computed twice at this step, and by whom besides their owner; null at most steps, and where there is nobody else. */
  choose(step: number, { shares }: ExchangePlan): { readonly subtree: Subtree; readonly checkerId: string; readonly ownerId: string } | null {
    if (step % everySteps !== 0 || shares.length < 2) return null;
    const turn = step / everySteps;
    const owner = shares[turn % shares.length];
    const checker = shares[(turn + 1) % shares.length];
    // The smallest that it owns costs least.
    const subtree = owner?.subtrees.at(-1);
    return owner && checker && subtree ? { subtree, checkerId: checker.trainerId, ownerId: owner.trainerId } : null;
  }

  /** Notes what a trainer has found; gives the comparison with what another found. */
  note(jobId: string, finding: Finding): Comparison | null {
    const other = this.#findings.get(jobId);
    const isPair = other && other.step === finding.step && other.subtree.first === finding.subtree.first && other.subtree.leaves === finding.subtree.leaves && other.trainer !== finding.trainer;
    if (!isPair) {
      this.#findings.set(jobId, finding);
      return null;
    }
    this.#findings.delete(jobId);
    return { step: finding.step, subtree: finding.subtree, isEqual: other.digest === finding.digest, trainers: [other.trainer, finding.trainer] };
  }
}

/** What people are told of two who differ. */
export function describeComparison({ step, subtree: { first, leaves }, trainers: [a, b] }: Comparison): string {
  const which = leaves === 1 ? `leaf ${first}` : `leaves ${first}–${first + leaves - 1}`;
  return `"${a}" and "${b}" computed different gradients for ${which} of step ${step}: one of the two machines computes wrongly; drain one and see whether the other still differs from a third`;
}
