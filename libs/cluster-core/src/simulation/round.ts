import type { Chunk, ExchangePlan } from '../exchange-plan.js';
import type { Share } from '../job.js';
import { sum } from './arithmetic.js';
import type { Defect } from './options.js';
import type { Peer } from './world.js';

interface PlanIndex {
  readonly shareOf: ReadonlyMap<string, Share>;
  readonly chunksOf: ReadonlyMap<string, readonly Chunk[]>;
}

const indexes = new WeakMap<ExchangePlan, PlanIndex>();

/** Who owns what, by owner. */
export function indexOf(plan: ExchangePlan): PlanIndex {
  let index = indexes.get(plan);
  if (!index) {
    const chunksOf = new Map<string, Chunk[]>();
    for (const chunk of plan.chunks) chunksOf.set(chunk.ownerId, [...(chunksOf.get(chunk.ownerId) ?? []), chunk]);
    index = { shareOf: new Map(plan.shares.map((share) => [share.trainerId, share])), chunksOf };
    indexes.set(plan, index);
  }
  return index;
}

/** How one member finds another; undefined when it cannot reach that one. */
export type Find = (id: string) => Peer | undefined;

/** A member that something is still to come from. */
export interface Awaited {
  readonly id: string;
  readonly peer: Peer | undefined;
}

/** What one member has of the exchange of a step. Plans come and go; what was computed or fetched stays good. */
export class Round {
  readonly step: number;
  readonly chain: string;
  plan: ExchangePlan;
  readonly leaves = new Map<number, number>();
  readonly #defect: Defect | undefined;
  readonly #partials = new Map<string, Map<string, number>>();
  readonly #reduced = new Map<string, number>();
  readonly #fetched: number[] = [];
  #plans = 1;
  #cursor = { share: 0, subtree: 0, total: 0 };
  #chunkCursor = 0;

  constructor(step: number, chain: string, plan: ExchangePlan, defect?: Defect) {
    this.step = step;
    this.chain = chain;
    this.plan = plan;
    this.#defect = defect;
  }

  goOn(plan: ExchangePlan): void {
    this.plan = plan;
    this.#plans++;
    this.#cursor = { share: 0, subtree: 0, total: 0 };
    this.#chunkCursor = 0;
  }

  /** The sum over a subtree, when all of its leaves are computed here. */
  partial(first: number, leaves: number): number | undefined {
    let all = 0;
    for (let leaf = first; leaf < first + leaves; leaf++) {
      const value = this.leaves.get(leaf);
      if (value === undefined) return undefined;
      all = sum(all, value);
    }
    return all;
  }

  reducedChunk(firstBlock: number, blocks: number): number | undefined {
    return this.#reduced.get(`${firstBlock} ${blocks}`);
  }

  /** Reduces the chunks that `selfId` owns, as far as the partials are there; whom it waits for, or null when all are done. */
  reduce(selfId: string, find: Find): Awaited | null {
    for (const { firstBlock, blocks } of indexOf(this.plan).chunksOf.get(selfId) ?? []) {
      const key = `${firstBlock} ${blocks}`;
      if (this.#reduced.has(key)) continue;
      const awaited = this.#addPartials(selfId, key, find);
      if (awaited) return awaited;
      this.#reduced.set(key, this.#spoilt(this.#cursor.total));
      this.#cursor = { share: 0, subtree: 0, total: 0 };
    }
    return null;
  }

  /** Fetches every chunk of the result, as far as they are there; whom it waits for, or the result. */
  fetch(selfId: string, find: Find): Awaited | number {
    const { chunks } = this.plan;
    for (; this.#chunkCursor < chunks.length; this.#chunkCursor++) {
      const { ownerId, firstBlock, blocks } = chunks[this.#chunkCursor]!; // A place within the list.
      if (this.#hasBlocks(firstBlock, blocks)) continue;
      const peer = ownerId === selfId ? undefined : find(ownerId);
      const value = ownerId === selfId ? this.reducedChunk(firstBlock, blocks) : peer?.chunk(this.step, this.chain, firstBlock, blocks);
      if (value === undefined) return { id: ownerId, peer };
      for (let block = firstBlock; block < firstBlock + blocks; block++) this.#fetched[block] = value;
    }
    return this.#fetched.every((value) => value === this.#fetched[0]) ? (this.#fetched[0] ?? 0) : this.#fetched.reduce((all, value) => sum(Math.imul(all, 31), value), 7);
  }

  #addPartials(selfId: string, key: string, find: Find): Awaited | null {
    const cursor = this.#cursor;
    let known = this.#partials.get(key);
    if (!known) this.#partials.set(key, (known = new Map()));
    for (; cursor.share < this.plan.shares.length; cursor.share++, cursor.subtree = 0) {
      const { trainerId, subtrees } = this.plan.shares[cursor.share]!; // A place within the list.
      const peer = trainerId === selfId || subtrees.length === 0 ? undefined : find(trainerId);
      for (; cursor.subtree < subtrees.length; cursor.subtree++) {
        const { first, leaves } = subtrees[cursor.subtree]!; // The same.
        const name = `${first} ${leaves}`;
        const value = known.get(name) ?? (trainerId === selfId ? this.partial(first, leaves) : peer?.partial(this.step, this.chain, first, leaves));
        if (value === undefined) return { id: trainerId, peer };
        known.set(name, value);
        cursor.total = sum(cursor.total, value);
      }
    }
    return null;
  }

  /** The mistakes that can be made on purpose: after a loss, one leaf counts twice, or not at all. */
  #spoilt(total: number): number {
    if (this.#plans === 1) return total;
    const [leaf = 1] = this.leaves.values();
    if (this.#defect === 'adds a leaf twice') return sum(total, leaf);
    return this.#defect === 'leaves a leaf out' ? sum(total, -leaf) : total;
  }

  #hasBlocks(firstBlock: number, blocks: number): boolean {
    for (let block = firstBlock; block < firstBlock + blocks; block++) if (this.#fetched[block] === undefined) return false;
    return true;
  }
}
