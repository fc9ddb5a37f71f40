import type { ExchangePlan, Subtree } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { VectorArena } from '../vector-arena.js';
import { OwnSource, RemoteSource } from './block-source.js';
import type { BlockSource } from './block-source.js';
import type { HeldResult } from './held-result.js';
import { LandingSpace } from './landing-space.js';
import { partialName, resultName } from './part.js';
import type { StepAddress } from './part.js';
import { PartialPart } from './partial-part.js';
import { decodeFacts } from './piece-meta.js';
import type { BlockFacts } from './piece-meta.js';
import { RangePulls } from './range-pulls.js';
import type { ArrivedBlocks, PullTools } from './range-pulls.js';
import { ResultPart } from './result-part.js';
import type { Segment } from './segment.js';
import type { Shelf } from './shelf.js';
import { keyOf, SumTree } from './sum-tree.js';

/** What the exchange of a step works with. */
export interface StepTools extends PullTools {
  readonly selfId: string;
  readonly arena: VectorArena;
  readonly segment: Segment | null;
  readonly shelf: Shelf;
  readonly virtualWorkers: number;
  readonly clipNorm: number | undefined;
  /** Room to work in: one block for each number. */
  scratch(index: number): number;
  /** A member cannot give what it is to give. */
  trouble(memberId: string, error: LangevinError): void;
}

/** Blocks that are reduced before others get their turn. */
const blocksATurn = 4;

interface Remote {
  readonly memberId: string;
  readonly source: RemoteSource;
  readonly pulls: RangePulls;
}

/** One step on its way from partial sums to the gradient that everybody applies, as far as this member is concerned. */
export class StepExchange {
  readonly address: StepAddress;
  readonly held: Promise<HeldResult>;
  readonly result: ResultPart;
  readonly #tools: StepTools;
  readonly #landing: LandingSpace;
  readonly #partials = new Map<string, PartialPart>();
  readonly #remotes = new Map<string, Remote>();
  readonly #resultPulls: RangePulls;
  readonly #settle: { resolve(result: HeldResult): void; reject(error: LangevinError): void };
  #plan: ExchangePlan | null = null;
  #tree: SumTree | null = null;
  /** Blocks that this member is to reduce and has not yet. */
  #todo: number[] = [];
  #isScheduled = false;
  #isOver = false;

  constructor(address: StepAddress, tools: StepTools) {
    this.address = address;
    this.#tools = tools;
    this.#landing = new LandingSpace(tools.arena);
    this.result = new ResultPart(tools.grid, tools.arena, tools.segment);
    const { promise, ...settle } = withResolvers<HeldResult>();
    this.held = promise;
    this.#settle = settle;
    // Who does not wait for the result is not struck by its failure.
    promise.catch(() => undefined);
    this.#resultPulls = new RangePulls(resultName(address), tools, {
      isQuick: true,
      addressFor: (first) => this.result.vector.address + tools.grid.startOf(first),
      landed: (blocks) => this.#take(blocks),
      referred: (blocks, { address, reader, isCurrent }) => {
        const start = tools.grid.startOf(blocks.first);
        const [out, length] = [this.result.vector.address + start, tools.grid.startOf(blocks.first + blocks.count) - start];
        if (reader) reader.read(address, tools.bytesAt(out, length));
        else tools.arena.kernels.copy(out, address, length);
        if (!isCurrent()) throw new LangevinError('unavailable', 'the peer has given this connection up');
        this.#take(blocks);
      },
      failed: (memberId, error) => tools.trouble(memberId, error),
    });
    tools.shelf.put(resultName(address), this.result);
  }

  get generation(): number {
    return this.#plan?.generation ?? -1;
  }

  /** Begins with a plan, or goes on with a newer one; an older one changes nothing. Throws `invalid_argument` for one that is none. */
  plan(plan: ExchangePlan): void {
    if (plan.generation <= this.generation || this.#isOver) return;
    this.#plan = plan;
    this.#replan(plan);
  }

  /** A subtree of this member is finished; its vector is taken over. One that came before is given back: no subtree counts twice. */
  offer(subtree: Subtree, sums: { readonly address: number; readonly weightSum: number; readonly lossSum: number }): void {
    const key = keyOf(subtree);
    const { arena, segment, shelf } = this.#tools;
    if (this.#isOver || this.#partials.has(key)) return arena.freeAddress(sums.address);
    const part = new PartialPart(arena, segment, sums);
    this.#partials.set(key, part);
    shelf.put(partialName(this.address, subtree), part);
    if (this.#plan) this.#replan(this.#plan);
  }

  /** Frees all but the result: everybody has it. */
  commit(): void {
    this.#end(new LangevinError('cancelled', `step ${this.address.step} was committed`));
  }

  /** Frees everything. */
  discard(error: LangevinError): void {
    this.#end(error);
    this.#tools.shelf.drop(resultName(this.address));
    this.result.vector.release();
  }

  #end(error: LangevinError): void {
    this.#isOver = true;
    this.#settle.reject(error);
    this.#resultPulls.stop();
    for (const { pulls } of this.#remotes.values()) pulls.stop();
    this.#remotes.clear();
    for (const [key, part] of this.#partials) {
      const [first, leaves] = key.split('+').map(Number) as [number, number];
      this.#tools.shelf.drop(partialName(this.address, { first, leaves }));
      part.vector.release();
    }
    this.#partials.clear();
    this.#landing.free();
  }

  /** Brings what is pulled and what is to be reduced in line with the plan; what is here already stays. */
  #replan(plan: ExchangePlan): void {
    const { selfId, virtualWorkers } = this.#tools;
    const owners = ownersOf(plan);
    this.#todo = [];
    owners.forEach((owner, block) => {
      if (owner === selfId && !this.result.has(block)) this.#todo.push(block);
    });
    const todo = new Set(this.#todo);
    this.#resultPulls.sync((block) => (this.result.has(block) || owners[block] === selfId ? null : (owners[block] ?? null)));
    this.#tree = null;
    if (todo.size === 0) return this.#stopRemotes(new Set());
    const sources = new Map<string, BlockSource>();
    for (const { trainerId, subtrees } of plan.shares) {
      for (const subtree of subtrees) sources.set(keyOf(subtree), this.#sourceOf(trainerId, subtree));
    }
    this.#tree = new SumTree(virtualWorkers, sources);
    this.#stopRemotes(new Set(sources.keys()));
    for (const [key, { memberId, source, pulls }] of this.#remotes) {
      if (sources.get(key) === source) pulls.sync((block) => (todo.has(block) && !source.has(block) ? memberId : null));
    }
    this.#schedule();
  }

  #sourceOf(memberId: string, subtree: Subtree): BlockSource {
    const key = keyOf(subtree);
    const { grid, bytesAt, selfId, trouble } = this.#tools;
    const own = this.#partials.get(key);
    if (own) return new OwnSource(own, grid);
    if (memberId === selfId) return unfinished;
    const known = this.#remotes.get(key);
    if (known?.memberId === memberId) return known.source;
    // What came from the one who had it before is the same and stays.
    const source = known?.source ?? new RemoteSource({ grid, landing: this.#landing, bytesAt, landed: () => this.#turn(), referred: () => this.#schedule(), failed: trouble });
    const pulls = known?.pulls ?? new RangePulls(partialName(this.address, subtree), this.#tools, source);
    this.#remotes.set(key, { memberId, source, pulls });
    return source;
  }

  #stopRemotes(keep: ReadonlySet<string>): void {
    for (const [key, { pulls }] of this.#remotes) {
      if (keep.has(key)) continue;
      pulls.stop();
      this.#remotes.delete(key);
    }
  }

  #schedule(): void {
    if (this.#isScheduled || this.#todo.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  #turn(): void {
    try {
      this.#reduce();
    } catch (thrown) {
      this.#fail(LangevinError.from(thrown));
    }
  }

  /** Reduces some of the blocks whose subtrees are all here. */
  #reduce(): void {
    const tree = this.#tree;
    const sums = tree?.sums();
    if (this.#isOver || !tree || !sums) return;
    if (!(sums.weightSum > 0)) throw new LangevinError('invalid_argument', `cannot divide a gradient by the weight ${sums.weightSum}: the step holds no real sample`);
    const ready = this.#todo.filter((block) => tree.has(block));
    if (ready.length === 0) return;
    this.result.sums = sums;
    const turn = new Set(ready.slice(0, blocksATurn));
    const facts = [...turn].map((block) => [block, this.#reduceBlock(tree, block, sums.weightSum)] as const);
    if (!this.#confirmSources()) return this.#plan ? this.#replan(this.#plan) : undefined;
    for (const [block, known] of facts) {
      this.result.add(block, known, false);
      tree.release(block);
    }
    this.#todo = this.#todo.filter((block) => !turn.has(block));
    if (this.#todo.length === 0) this.#stopRemotes(new Set());
    this.#tools.shelf.changed(resultName(this.address));
    if (ready.length > blocksATurn) this.#schedule();
    this.#finishIfWhole();
  }

  /** Whether what was read from the memory of others was what they had promised. */
  #confirmSources(): boolean {
    return [...this.#remotes.values()].map(({ source }) => source.confirm()).every((isRight) => isRight);
  }

  #reduceBlock(tree: SumTree, block: number, weightSum: number): BlockFacts {
    const { grid, arena, scratch } = this.#tools;
    const into = { out: this.result.vector.address + grid.startOf(block), length: grid.lengthOf(block), weightSum };
    return tree.reduce(block, into, arena.kernels, scratch);
  }

  /** Blocks of the result that another member has reduced. */
  #take({ first, count, meta, isFinal }: ArrivedBlocks): void {
    const { sums, facts } = decodeFacts(meta, count);
    this.result.sums ??= sums;
    facts.forEach((fact, index) => {
      if (!this.result.has(first + index)) this.result.add(first + index, fact, isFinal);
    });
    this.#tools.shelf.changed(resultName(this.address));
    this.#finishIfWhole();
  }

  #finishIfWhole(): void {
    if (!this.result.isWhole || this.#isOver) return;
    this.#resultPulls.stop();
    this.#stopRemotes(new Set());
    void this.result.finish(this.address.step, this.#tools.clipNorm).then((held) => {
      this.#settle.resolve(held);
      this.#tools.shelf.changed(resultName(this.address));
    });
  }

  #fail(error: LangevinError): void {
    this.result.failure = error;
    this.#settle.reject(error);
    this.#tools.shelf.changed(resultName(this.address));
  }
}

/** A subtree that this member is to compute and has not finished. */
const unfinished: BlockSource = {
  sums: null,
  has: () => false,
  load: () => {
    throw new LangevinError('internal', 'a subtree was added before it was finished');
  },
  release: () => undefined,
};

/** Who reduces each block. */
function ownersOf({ chunks }: ExchangePlan): readonly string[] {
  const owners: string[] = [];
  for (const { ownerId, firstBlock, blocks } of chunks) {
    for (let block = firstBlock; block < firstBlock + blocks; block++) owners[block] = ownerId;
  }
  return owners;
}

function withResolvers<T>(): { promise: Promise<T>; resolve(value: T): void; reject(error: LangevinError): void } {
  let resolve!: (value: T) => void;
  let reject!: (error: LangevinError) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
