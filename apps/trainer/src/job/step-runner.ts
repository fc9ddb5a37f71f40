import type { ExchangePlan, Subtree } from '@langevin/cluster-core';
import type { ExchangeHost, HeldResult, VectorArena } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import type { Ledger } from '@langevin/processes';
import type { Commit__Output, Prepared } from '@langevin/rpc';
import type { ComputeClient } from '../compute/client.js';
import type { LeafBatch } from '../compute/protocol.js';
import { chainAfter } from './chain.js';
import type { StepStopwatch } from './step-stopwatch.js';

/** A step as the coordinator asks for it. */
export interface StepOrder {
  readonly step: number;
  readonly learningRate: number;
  /** The chain before it. */
  readonly chain: string;
  readonly plan: ExchangePlan;
  /** What this trainer computes of it. */
  readonly subtrees: readonly Subtree[];
  /** Whether the chain takes in the state before it. */
  readonly withState: boolean;
  /** Leaves whose sum is asked for, also of who does not own them. */
  readonly check: Subtree | null;
}

/** What a runner borrows. */
export interface RunnerTools {
  readonly job: string;
  readonly compute: ComputeClient;
  readonly exchange: ExchangeHost;
  /** Where gradients lie. */
  readonly arena: VectorArena;
  readonly stopwatch: StepStopwatch;
  readonly ledger: Ledger;
  /** The samples of one virtual worker. */
  readonly batch: (step: number, leaf: number) => Promise<LeafBatch>;
  readonly sendPrepared: (prepared: Prepared) => void;
  readonly sendChecked: (step: number, subtree: Subtree, digest: string) => void;
  /** Told of what cannot be gone on from. */
  readonly fail: (error: unknown) => void;
}

/** What is known here of a leaf that is ready in the compute thread, or about to be. */
interface StagedLeaf {
  readonly firstSlot: number;
  readonly samples: LeafBatch['samples'];
}

/** The running step: from its order to its commit. */
interface RunningStep {
  order: StepOrder;
  readonly started: Set<string>;
  readonly computed: Set<string>;
  isComputing: boolean;
  leaves: number;
  gradientMs: number;
  /** Digest of the state before it, once it is asked for. */
  state: Promise<string | undefined> | null;
  /** What is held, and how it was told. */
  held: { readonly result: HeldResult; readonly prepared: Prepared & { readonly digest: string } } | null;
  /** Whether it may go on alone: its order is newer than the last report of what is held. */
  isOrdered: boolean;
}

/**
 * Takes part in one step after the other: computes this trainer's subtrees, lets the exchange reduce, says that it holds
 * the result, and applies it when it is committed, never before. A running step may get another plan: what was computed
 * stays good.
 */
export class StepRunner {
  readonly #tools: RunnerTools;
  #running: RunningStep | null = null;
  #applied: number;
  #chain: string;
  #loss = 0;
  #applying: Promise<unknown> = Promise.resolve();
  /** Leaves that are being brought to the compute thread, or are there already. */
  readonly #staged = new Map<string, Promise<StagedLeaf>>();

  /** @param applied steps that the state has seen; `chain`: of their results in this attempt */
  constructor(tools: RunnerTools, applied: number, chain: string) {
    this.#tools = tools;
    this.#applied = applied;
    this.#chain = chain;
  }

  /** Steps that the state has seen, or will have when what is under way is done. */
  get applied(): number {
    return this.#applied;
  }

  get chain(): string {
    return this.#chain;
  }

  /** Mean loss of the last of them. */
  get loss(): number {
    return this.#loss;
  }

  /** The result about which this trainer is in doubt. */
  get prepared(): Prepared | null {
    return this.#running?.held?.prepared ?? null;
  }

  /** A coordinator is told what is held here: nothing of it changes until that one says how to go on. */
  awaitOrder(): void {
    if (this.#running) this.#running.isOrdered = false;
  }

  /** Resolves when no result is being applied any more, well or not. */
  async settled(): Promise<void> {
    await this.#applying.catch(() => undefined);
  }

  /** Leaves of the running step that are still to be computed here. */
  get leavesLeft(): number {
    const running = this.#running;
    if (!running) return 0;
    return running.order.subtrees.filter((subtree) => !running.computed.has(keyOf(subtree))).reduce((sum, { leaves }) => sum + leaves, 0);
  }

  /** Begins a step, or goes on with it under another plan. */
  run(order: StepOrder): void {
    const { step, chain, plan } = order;
    if (step !== this.#applied + 1 || chain !== this.#chain) {
      throw new LangevinError('internal', `step ${step} after ${chain || 'nothing'} was ordered, this trainer has applied ${this.#applied} up to ${this.#chain || 'nothing'}`);
    }
    this.#tools.exchange.begin({ step, chain, plan });
    const running = this.#running;
    if (running?.order.step === step) {
      running.order = order;
      running.isOrdered = true;
      // Who has prepared under an earlier plan has it still.
      this.#sayPrepared(running);
      this.#compute(running);
      return;
    }
    const begun: RunningStep = { order, started: new Set(), computed: new Set(), isComputing: false, leaves: 0, gradientMs: 0, state: null, held: null, isOrdered: true };
    this.#running = begun;
    this.#compute(begun);
    this.#guard(this.#hold(begun));
  }

  /** Applies the result that this trainer holds; one that it has applied already, because it was alone, changes nothing. */
  commit({ step, digest }: Pick<Commit__Output, 'step' | 'digest'>): void {
    if (Number(step) === this.#applied && digest === this.#chain) return;
    const running = this.#running;
    if (Number(step) !== running?.order.step || running.held?.prepared.digest !== digest) {
      const held = running?.held ? `step ${running.order.step} with ${running.held.prepared.digest}` : 'none';
      throw new LangevinError('internal', `COMMIT of step ${step} with ${digest}, but the result that is held is ${held}`);
    }
    this.#running = null;
    this.apply(running.order.step, running.held.result, digest, running.order.learningRate);
  }

  /** Applies a committed result, whoever has prepared it. */
  apply(step: number, { address, loss }: HeldResult, digest: string, learningRate: number): void {
    const { compute, exchange, stopwatch, ledger, job } = this.#tools;
    this.#applied = step;
    this.#chain = digest;
    this.#loss = loss;
    const before = this.#applying;
    ledger.note({ type: 'applying', job, step, chain: digest });
    const applied = compute.askTimed({ kind: 'apply', step, address, learningRate });
    // Asked for at once: when this step is noted, the next may be applied already.
    const state = ledger.isOpen ? compute.ask({ kind: 'digestState' }) : null;
    state?.catch(() => undefined);
    this.#applying = before
      .then(() => applied)
      .then(async ({ ms }) => {
        stopwatch.computed(ms);
        if (state) ledger.note({ type: 'applied', job, step, chain: digest, state: await state });
        stopwatch.finish();
      });
    this.#guard(this.#applying);
    // The result before this one may still be read by its own update.
    this.#guard(before.then(() => exchange.commit(step)));
  }

  /** Gives up a step whose result is not here yet: its order, or null when it is here, or another step runs. */
  abandon(step: number): StepOrder | null {
    const running = this.#running;
    if (running?.order.step !== step || running.held) return null;
    this.#running = null;
    return running.order;
  }

  /** The state is another one now. */
  reset(applied: number, chain: string): void {
    const { ledger, job } = this.#tools;
    ledger.note({ type: 'joined', job, step: applied, chain });
    this.#running = null;
    this.#applied = applied;
    this.#chain = chain;
  }

  #compute(running: RunningStep): void {
    if (running.isComputing) return;
    running.isComputing = true;
    this.#guard(this.#computeAll(running).finally(() => (running.isComputing = false)));
  }

  async #computeAll(running: RunningStep): Promise<void> {
    const { compute, exchange, stopwatch, ledger, job } = this.#tools;
    // The plan may change meanwhile: what is next is asked each time.
    for (let next = nextOf(running); next; next = nextOf(running)) {
      const { step, plan, chain } = running.order;
      running.started.add(keyOf(next));
      const leaves = await Promise.all(this.#leavesOf(step, next));
      if (this.#running !== running) return;
      const computing = compute.askTimed({ kind: 'gradient', step, firstSlots: leaves.map(({ firstSlot }) => firstSlot) });
      if (!nextOf(running)) this.#stageAhead(running.order);
      const { value: sum, ms } = await computing;
      stopwatch.computed(ms);
      running.gradientMs += ms;
      running.leaves += next.leaves;
      running.computed.add(keyOf(next));
      ledger.note({ type: 'computed', job, step, generation: plan.generation, first: next.first, leaves: next.leaves, chain, samples: leaves.map(({ samples }) => samples) });
      if (running.order.check && keyOf(running.order.check) === keyOf(next)) await this.#check(step, next, sum.address);
      exchange.offer({ step, subtree: next, ...sum });
    }
    if (this.#running !== running) return;
    // While the others finish.
    void this.#stateOf(running);
    await this.#checkOther(running);
  }

  #stateOf(running: RunningStep): Promise<string | undefined> {
    running.state ??= running.order.withState ? this.#tools.compute.ask({ kind: 'digestState' }) : Promise.resolve(undefined);
    return running.state;
  }

  async #check(step: number, subtree: Subtree, address: number): Promise<void> {
    const { compute, sendChecked } = this.#tools;
    sendChecked(step, subtree, await compute.ask({ kind: 'digestGradient', address }));
  }

  /** Computes once more what another owns, to be compared with what that one has. */
  async #checkOther({ order }: RunningStep): Promise<void> {
    const { step, check, subtrees } = order;
    if (!check || subtrees.some((own) => keyOf(own) === keyOf(check))) return;
    const leaves = await Promise.all(this.#leavesOf(step, check));
    if (this.#running?.order.step !== step) return;
    const { address } = await this.#tools.compute.ask({ kind: 'gradient', step, firstSlots: leaves.map(({ firstSlot }) => firstSlot) });
    await this.#check(step, check, address);
    this.#tools.arena.freeAddress(address);
  }

  async #hold(running: RunningStep): Promise<void> {
    const { exchange, job, ledger, stopwatch } = this.#tools;
    const { step, chain } = running.order;
    const result = await exchange.held(step).catch((error: unknown) => {
      if (this.#running === running) throw error;
      // Nobody waits for that result any more.
      return null;
    });
    if (result === null || this.#running !== running) return;
    const state = await this.#stateOf(running);
    if (this.#running !== running) return;
    stopwatch.arrived();
    const leafMs = running.leaves === 0 ? 0 : running.gradientMs / running.leaves;
    const digest = chainAfter(chain, result.digest, state);
    running.held = { result, prepared: { job, step, digest, loss: result.loss, norm: result.norm, finite: result.finite, leafMs } };
    ledger.note({ type: 'prepared', job, step, chain: digest });
    this.#sayPrepared(running);
  }

  /** Says what is held. Where nobody else computes anything of the step, all hold it: it is committed. */
  #sayPrepared({ order, held, isOrdered }: RunningStep): void {
    if (!held) return;
    this.#tools.sendPrepared(held.prepared);
    if (isOrdered && isAlone(order) && held.result.finite) this.commit({ step: String(order.step), digest: held.prepared.digest });
  }

  #leavesOf(step: number, { first, leaves }: Subtree): Promise<StagedLeaf>[] {
    return Array.from({ length: leaves }, (_, index) => {
      const key = `${step} ${first + index}`;
      const staged = this.#staged.get(key) ?? this.#stage(step, first + index);
      this.#staged.delete(key);
      return staged;
    });
  }

  /** Reads what the next step will most likely want, to be made ready as soon as the last leaf of this one is computed. */
  #stageAhead({ step, subtrees }: StepOrder): void {
    this.#staged.clear();
    for (const { first, leaves } of subtrees) {
      for (let leaf = first; leaf < first + leaves; leaf++) {
        const staged = this.#stage(step + 1, leaf);
        // Whoever uses it is told; one that is not used concerns nobody.
        staged.catch(() => undefined);
        this.#staged.set(`${step + 1} ${leaf}`, staged);
      }
    }
  }

  async #stage(step: number, leaf: number): Promise<StagedLeaf> {
    const batch = await this.#tools.batch(step, leaf);
    this.#guard(this.#tools.compute.ask({ kind: 'stage', step, leaf: batch }));
    return { firstSlot: batch.firstSlot, samples: batch.samples };
  }

  #guard(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#tools.fail(error));
  }
}

/** Whether this trainer computes all of the step. */
function isAlone({ plan, subtrees }: StepOrder): boolean {
  return plan.shares.length === 1 && subtrees.length > 0;
}

function nextOf({ order, started }: RunningStep): Subtree | undefined {
  return order.subtrees.find((subtree) => !started.has(keyOf(subtree)));
}

function keyOf({ first, leaves }: Subtree): string {
  return `${first}+${leaves}`;
}
