import { planChunks } from '@langevin/cluster-core';
import type { ExchangePlan } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { VectorArena } from '../vector-arena.js';
import { BlockGrid, blockBytes } from './block-grid.js';
import type { OfferedPartial, StepBegin } from './engine.js';
import type { ExchangeJob } from './exchange-options.js';
import type { HeldResult } from './held-result.js';
import { parseStepName, resultName } from './part.js';
import { PeerWindows } from './peer-windows.js';
import type { Pull, PullRequest } from './pull-sink.js';
import type { ResultPart } from './result-part.js';
import type { Segment } from './segment.js';
import type { Shelf } from './shelf.js';
import { StepExchange } from './step-exchange.js';
import type { StepTools } from './step-exchange.js';

const defaultResultBudgetBytes = 256 * 1024 * 1024;
/** Of the arena's 4 GiB, for the memory of peers on this host. */
const windowBudgetBytes = 1024 * 1024 * 1024;

/** What a job's exchange works with. */
export interface JobTools {
  readonly arena: VectorArena;
  readonly segment: Segment | null;
  readonly shelf: Shelf;
  readonly selfId: () => string;
  pull(memberId: string, request: PullRequest): Pull;
  trouble(memberId: string, error: LangevinError): void;
}

/** The steps of one job: those under way, and the results of committed ones for those who join. */
export class JobExchange {
  readonly #job: ExchangeJob;
  readonly #tools: JobTools;
  readonly #grid: BlockGrid;
  readonly #steps = new Map<number, StepExchange>();
  /** Committed, oldest first. */
  readonly #kept: { readonly name: string; readonly result: ResultPart }[] = [];
  readonly #scratch: number[] = [];
  readonly #windows: PeerWindows | null;
  readonly #waiting = new Map<number, ((step: StepExchange) => void)[]>();
  /** Steps up to this one are over, or were before this member came. */
  #over = -1;

  constructor(job: ExchangeJob, tools: JobTools) {
    this.#job = job;
    this.#tools = tools;
    this.#grid = new BlockGrid(job.elements);
    this.#windows = tools.segment ? new PeerWindows(tools.arena, windowBudgetBytes) : null;
  }

  begin({ step, chain, plan }: StepBegin): void {
    this.#stepAt(step, chain).plan(plan);
  }

  offer({ step, subtree, ...sums }: OfferedPartial): void {
    const open = this.#steps.get(step);
    if (open) open.offer(subtree, sums);
    else this.#tools.arena.freeAddress(sums.address);
  }

  async held(step: number): Promise<HeldResult> {
    const open = this.#steps.get(step) ?? (await new Promise<StepExchange>((resolve) => this.#waiting.set(step, [...(this.#waiting.get(step) ?? []), resolve])));
    return open.held;
  }

  /** Everybody who takes part in the step holds its result. A member that does not, because it was to reduce only since a late plan, gives the step up. */
  commit(step: number): void {
    const open = this.#steps.get(step);
    this.#over = Math.max(this.#over, step);
    this.#steps.delete(step);
    if (!open?.result.isWhole) return void open?.discard(new LangevinError('cancelled', `step ${step} was committed without this member`));
    open.commit();
    this.#kept.push({ name: resultName(open.address), result: open.result });
    const budget = this.#job.resultBudgetBytes ?? defaultResultBudgetBytes;
    while (this.#kept.length > 1 && this.#kept.length * this.#grid.bytes > budget) this.#drop();
  }

  /** A result that others have, from all of them at once. Rejects with `content_missing` when none has it whole. */
  async pullResult(memberIds: readonly string[], step: number, chain: string): Promise<HeldResult> {
    let left = [...memberIds];
    let generation = 0;
    const replan = (): void => {
      const plan: ExchangePlan = { generation: generation++, shares: [], chunks: planChunks(this.#grid.blocks, left) };
      open.plan(plan);
    };
    const open = this.#stepAt(step, chain, (memberId, error) => {
      left = left.filter((id) => id !== memberId);
      if (left.length > 0) return replan();
      this.#steps.delete(step);
      open.discard(error);
    });
    replan();
    return open.held;
  }

  /** Why a part of a step that is not here will never be. */
  whyNever(name: string): LangevinError | null {
    const address = parseStepName(name);
    if (!address || address.job !== this.#job.job) return null;
    if (address.step <= this.#over) return new LangevinError('content_missing', `${name} is not held here any more`);
    const open = this.#steps.get(address.step);
    if (!open || open.address.chain === address.chain) return null;
    return new LangevinError('trainer_diverged', `${name} was asked for, but this member has come to step ${address.step} after ${open.address.chain}`);
  }

  close(): void {
    const closed = new LangevinError('cancelled', `job ${this.#job.job} was closed`);
    for (const step of this.#steps.values()) step.discard(closed);
    this.#steps.clear();
    while (this.#kept.length > 0) this.#drop();
    this.#windows?.[Symbol.dispose]();
  }

  #drop(): void {
    const oldest = this.#kept.shift();
    if (!oldest) return;
    this.#tools.shelf.drop(oldest.name);
    oldest.result.vector.release();
  }

  #stepAt(step: number, chain: string, trouble = this.#tools.trouble): StepExchange {
    const known = this.#steps.get(step);
    if (known?.address.chain === chain) return known;
    known?.discard(new LangevinError('cancelled', `step ${step} was begun anew`));
    if (this.#over < 0) this.#over = step - 1;
    const { arena, segment, shelf, selfId, pull } = this.#tools;
    const tools: StepTools = {
      arena,
      segment,
      shelf,
      grid: this.#grid,
      windows: this.#windows,
      selfId: selfId(),
      virtualWorkers: this.#job.virtualWorkers,
      clipNorm: this.#job.clipNorm,
      pull,
      trouble,
      bytesAt: (address, length) => arena.bytesAt(address, length),
      sum: (address, length) => arena.kernels.checksum(address, length),
      scratch: (index) => (this.#scratch[index] ??= arena.reserve(blockBytes)),
    };
    const open = new StepExchange({ job: this.#job.job, step, chain }, tools);
    this.#steps.set(step, open);
    for (const resolve of this.#waiting.get(step) ?? []) resolve(open);
    this.#waiting.delete(step);
    // Who waits for this step after other digests learns it now.
    shelf.changedAll();
    return open;
  }
}
