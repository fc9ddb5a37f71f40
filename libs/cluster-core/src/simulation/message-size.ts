import type { TrainerEffect } from '../effect.js';
import type { ExchangePlan } from '../exchange-plan.js';

/** Bytes of an effect as the protocol encodes it (protobuf), about: what grows with the cluster is counted exactly. */
export function messageBytes(effect: TrainerEffect, sentPlans: Map<string, number>): number {
  const base = 16 + ('jobId' in effect ? (effect.jobId?.length ?? 0) : 0) + 64;
  if (effect.type === 'fetchState') return base + effect.donors.reduce((sum, id) => sum + id.length + 2, 0);
  if (effect.type !== 'runStep') return base;
  // A plan goes to a trainer once.
  if (sentPlans.get(effect.trainerId) === effect.plan.generation) return base;
  sentPlans.set(effect.trainerId, effect.plan.generation);
  return base + planBytes(effect.plan);
}

/** Bytes of a plan whose owners are named by their ids. */
export function planBytes({ shares, chunks }: ExchangePlan): number {
  const share = shares.reduce((sum, { trainerId, subtrees }) => sum + 4 + trainerId.length + subtrees.reduce((all, { first, leaves }) => all + 4 + varint(first) + varint(leaves), 0), 0);
  return share + chunks.reduce((sum, { ownerId, firstBlock, blocks }) => sum + 6 + ownerId.length + varint(firstBlock) + varint(blocks), 0);
}

function varint(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}
