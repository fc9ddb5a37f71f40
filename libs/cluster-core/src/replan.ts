import { planChunks, type Chunk, type ExchangePlan } from './exchange-plan.js';
import type { JobRequest, Member, Share } from './job.js';
import { Heap } from './heap.js';
import { planSubtrees, shareLeaves, type Subtree } from './plan.js';

/** How reasons and plans name the coordinator when it reduces. */
export const COORDINATOR = 'coordinator';

/** What a plan follows from, besides its members. */
export interface PlanOptions {
  readonly generation: number;
  /** Milliseconds that a leaf took each trainer lately, by its id. */
  readonly leafMs: Readonly<Record<string, number>>;
  /** The coordinator reduces. */
  readonly relayed: boolean;
}

/** A plan for a new step. */
export function planStep(request: JobRequest, members: readonly Member[], { generation, leafMs, relayed }: PlanOptions): ExchangePlan {
  const ids = members.map(({ trainerId }) => trainerId);
  const known = ids.flatMap((id) => leafMs[id] ?? []).sort((a, b) => a - b);
  const usual = known[known.length >> 1] ?? 1;
  const subtrees = planSubtrees(shareLeaves(request.virtualWorkers, ids.map((id) => leafMs[id] ?? usual)));
  return {
    generation,
    shares: ids.map((trainerId, index) => ({ trainerId, subtrees: subtrees[index] ?? [] })),
    chunks: planChunks(request.blocks, relayed ? [COORDINATOR] : ids),
  };
}

/** How long the slowest takes for its leaves, in ms; 0 while nothing is known. */
export function slowestMs({ shares }: ExchangePlan, leafMs: Readonly<Record<string, number>>): number {
  return Math.max(0, ...shares.map(({ trainerId, subtrees }) => leavesOf(subtrees) * (leafMs[trainerId] ?? 0)));
}

/**
 * The plan of a running step when only `survivors` are left of its trainers: whatever belonged to another moves, and
 * nothing else, so that all that was computed stays good. When at least half of them hold the whole result already
 * (`holders`), those serve it and nothing is computed again; fewer would be run over by the others.
 */
export function planAfterLoss(plan: ExchangePlan, survivors: readonly string[], holders: readonly string[], generation: number): ExchangePlan {
  const isRelayed = plan.chunks.some(({ ownerId }) => ownerId === COORDINATOR);
  if (!isRelayed && 2 * holders.length >= survivors.length) {
    // All of it: another owner may not have reduced its part yet, and would miss leaves that nobody computes any more.
    return { generation, chunks: planChunks(plan.chunks.reduce((sum, { blocks }) => sum + blocks, 0), holders), shares: plan.shares };
  }
  const stays = new Set([...survivors, COORDINATOR]);
  const lostChunks = plan.chunks.filter(({ ownerId }) => !stays.has(ownerId));
  const chunks = [...plan.chunks.filter(({ ownerId }) => stays.has(ownerId)), ...lostChunks.flatMap((chunk) => splitChunk(chunk, survivors))];
  return { generation, chunks, shares: moveShares(plan.shares, survivors) };
}

/**
 * The same when the coordinator reduces from now on: it has nothing yet, so every leaf has to have an owner that lives, also
 * where the holders of a result had made them needless.
 */
export function planRelayed(plan: ExchangePlan, survivors: readonly string[], blocks: number, generation: number): ExchangePlan {
  return { generation, chunks: planChunks(blocks, [COORDINATOR]), shares: moveShares(plan.shares, survivors) };
}

function splitChunk({ firstBlock, blocks }: Chunk, ownerIds: readonly string[]): Chunk[] {
  return planChunks(blocks, ownerIds).map((part) => ({ ...part, firstBlock: firstBlock + part.firstBlock }));
}

function moveShares(shares: readonly Share[], survivors: readonly string[]): Share[] {
  const owned = new Map(shares.map(({ trainerId, subtrees }) => [trainerId, subtrees]));
  const kept = survivors.map((trainerId) => ({ trainerId, subtrees: [...(owned.get(trainerId) ?? [])] }));
  const stays = new Set(survivors);
  const lost = shares.filter(({ trainerId }) => !stays.has(trainerId)).flatMap(({ subtrees }) => subtrees);
  const idlest = new Heap(kept.map(({ subtrees }) => leavesOf(subtrees)));
  for (const subtree of splitAmong(lost, survivors.length)) {
    const heir = idlest.least;
    kept[heir]!.subtrees.push(subtree); // A place within the list.
    idlest.raise(leavesOf(kept[heir]!.subtrees));
  }
  return kept;
}

/** Halves the largest until there is one for everybody, or nothing is left to halve; largest first. */
function splitAmong(subtrees: readonly Subtree[], wanted: number): Subtree[] {
  const largestFirst = (a: Subtree, b: Subtree): number => b.leaves - a.leaves || a.first - b.first;
  const pieces = [...subtrees].sort(largestFirst);
  // Pieces of one size are halved together, so that there is little to sort.
  for (let size = pieces[0]?.leaves ?? 1; size > 1 && pieces.length < wanted; size = pieces[0]?.leaves ?? 1) {
    const half = size / 2;
    const split = pieces.filter(({ leaves }) => leaves === size).slice(0, wanted - pieces.length);
    pieces.splice(0, split.length, ...split.flatMap(({ first }) => [{ first, leaves: half }, { first: first + half, leaves: half }]));
    pieces.sort(largestFirst);
  }
  return pieces;
}

function leavesOf(subtrees: readonly Subtree[]): number {
  return subtrees.reduce((sum, { leaves }) => sum + leaves, 0);
}
