import type { ExchangeHost } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import type { FetchState__Output } from '@langevin/rpc';
import type { ComputeClient } from '../compute/client.js';
import { chainAfter } from './chain.js';
import { fetchState, stateName } from './state-sharing.js';
import type { StepOrder, StepRunner } from './step-runner.js';

/** What is committed while a joiner is not there yet. */
interface Committed {
  readonly step: number;
  readonly digest: string;
  readonly learningRate: number;
  readonly withState: boolean;
}

/** What a joiner borrows. */
export interface CatchUpTools {
  readonly job: string;
  readonly parameters: number;
  readonly compute: ComputeClient;
  readonly exchange: ExchangeHost;
  readonly runner: StepRunner;
  /** Ids of those who may hold results. */
  readonly holders: () => readonly string[];
  readonly onState: (step: number) => void;
  readonly onReplayed: (step: number, digest: string) => void;
  readonly onBehind: (step: number, why: string) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Brings a trainer into a job that runs: it fetches the state after some step, replays what is committed meanwhile, and
 * is live when it has come as far as the others; orders for steps wait until then.
 */
export class CatchUp {
  readonly #tools: CatchUpTools;
  #phase: 'waiting' | 'fetching' | 'replaying' | 'live';
  #backlog: Committed[] = [];
  #order: StepOrder | null = null;
  /** Grows with each state that it is told to fetch: what an earlier one still does is of no account. */
  #attempt = 0;

  /** @param isLive its state is the job's already */
  constructor(tools: CatchUpTools, isLive: boolean) {
    this.#tools = tools;
    this.#phase = isLive ? 'live' : 'waiting';
  }

  get isLive(): boolean {
    return this.#phase === 'live';
  }

  /** Fetches the state and begins to replay. */
  begin({ step, chain, donors }: FetchState__Output): void {
    const attempt = ++this.#attempt;
    this.#phase = 'fetching';
    this.#backlog = [];
    this.#order = null;
    this.#fetch(attempt, Number(step), chain, donors).catch((error: unknown) => this.#tools.fail(error));
  }

  /** A step is ordered. True when the runner is to take it. */
  ordered(order: StepOrder): boolean {
    if (this.#phase === 'live') return true;
    this.#order = order;
    return false;
  }

  /** A step is committed. True when the runner is to apply it. Nobody waits for the result of one that joins: it may come later than the commit. */
  committed(step: number, digest: string): boolean {
    const { runner, fail } = this.#tools;
    if (this.#phase === 'live') {
      const late = runner.abandon(step);
      if (!late) return true;
      this.#phase = 'replaying';
      this.#backlog.push({ step, digest, learningRate: late.learningRate, withState: late.withState });
      this.#replay(this.#attempt).catch(fail);
      return false;
    }
    if (this.#phase !== 'waiting' && this.#order?.step === step) this.#backlog.push({ step, digest, learningRate: this.#order.learningRate, withState: this.#order.withState });
    return false;
  }

  async #fetch(attempt: number, step: number, chain: string, donors: readonly string[]): Promise<void> {
    const { job, parameters, compute, exchange, runner, onState } = this.#tools;
    try {
      const state = await fetchState(exchange, stateName(job, step), donors, parameters);
      if (attempt !== this.#attempt) return;
      await compute.ask({ kind: 'loadState', step, state });
      if (attempt !== this.#attempt) return;
    } catch (thrown) {
      return this.#fallBehind(attempt, thrown);
    }
    runner.reset(step, chain);
    this.#phase = 'replaying';
    onState(step);
    await this.#replay(attempt);
  }

  async #replay(attempt: number): Promise<void> {
    const { compute, exchange, runner, holders, onReplayed } = this.#tools;
    for (let next = this.#backlog.shift(); next; next = this.#backlog.shift()) {
      const { step, digest, learningRate, withState } = next;
      try {
        const result = await exchange.pullResult(holders(), step, runner.chain);
        if (attempt !== this.#attempt) return;
        const state = withState ? await compute.ask({ kind: 'digestState' }) : undefined;
        if (attempt !== this.#attempt) return;
        if (chainAfter(runner.chain, result.digest, state) !== digest) throw new LangevinError('object_corrupt', `the result of step ${step} is not the one that was committed`);
        runner.apply(step, result, digest, learningRate);
      } catch (thrown) {
        return this.#fallBehind(attempt, thrown);
      }
      onReplayed(step, digest);
    }
    this.#phase = 'live';
    const order = this.#order;
    this.#order = null;
    if (order && order.step === runner.applied + 1) runner.run(order);
  }

  /** What it needs cannot be had: it waits to be given the state anew. */
  #fallBehind(attempt: number, thrown: unknown): void {
    const { code, message } = LangevinError.from(thrown);
    if (attempt !== this.#attempt || code === 'cancelled') return;
    this.#phase = 'waiting';
    this.#tools.onBehind(this.#tools.runner.applied, message);
  }
}
