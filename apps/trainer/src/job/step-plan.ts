import type { ExchangePlan, Subtree } from '@langevin/cluster-core';
import type { RunStep__Output } from '@langevin/rpc';

/** The plan that comes with a step; undefined when the plan of its generation came before. */
export function planOf({ generation, plan }: RunStep__Output): ExchangePlan | undefined {
  if (!plan) return undefined;
  return {
    generation: Number(generation),
    shares: plan.shares.map(({ owner, subtrees }) => ({ trainerId: owner, subtrees: subtrees.map(({ first, leaves }) => ({ first, leaves })) })),
    chunks: plan.chunks.map(({ owner, firstBlock, blocks }) => ({ ownerId: owner, firstBlock, blocks })),
  };
}

/** What one of its trainers computes. */
export function subtreesOf(plan: ExchangePlan, trainerId: string): readonly Subtree[] {
  return plan.shares.find((share) => share.trainerId === trainerId)?.subtrees ?? [];
}
