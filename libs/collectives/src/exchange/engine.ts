import type { ExchangePlan, Subtree } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import { VectorArena } from '../vector-arena.js';
import type { SharedArenaHandle } from '../vector-arena.js';
import type { ExchangeEndpoints, ExchangeMember } from './exchange-member.js';
import type { ExchangeEvents, ExchangeJob, ExchangeOptions, ExchangeIdentity } from './exchange-options.js';
import type { HeldResult } from './held-result.js';
import { JobExchange } from './job-exchange.js';
import { Network } from './network.js';
import { rawName } from './part.js';
import { pullRaw } from './pull-raw.js';
import { RawPart } from './raw-part.js';
import { Shelf } from './shelf.js';

/** A finished subtree of this process. */
export interface OfferedPartial {
  readonly step: number;
  readonly subtree: Subtree;
  /** Of its vector in the arena, which the exchange takes over. */
  readonly address: number;
  readonly weightSum: number;
  readonly lossSum: number;
}

/** The start of a step, or a newer plan for it. */
export interface StepBegin {
  readonly step: number;
  /** Digests of the steps before it. */
  readonly chain: string;
  readonly plan: ExchangePlan;
}

/** The exchange of one process: its links, its shelf and the job's steps. All of it runs in one thread. */
export class ExchangeEngine implements AsyncDisposable {
  readonly #shelf = new Shelf((name) => this.#job?.whyNever(name) ?? null);
  readonly #events: ExchangeEvents;
  readonly #selfId: () => string;
  #network!: Network;
  #job: JobExchange | null = null;

  private constructor(options: ExchangeOptions, events: ExchangeEvents) {
    this.#events = events;
    this.#selfId = () => this.#network.identity.self.id ?? options.self.id;
  }

  /** Listens where it is told to. Throws `address_in_use`. */
  static async start(options: ExchangeOptions, events: ExchangeEvents): Promise<ExchangeEngine> {
    const engine = new ExchangeEngine(options, events);
    engine.#network = await Network.start(options, engine.#shelf, events);
    return engine;
  }

  get endpoints(): ExchangeEndpoints {
    return this.#network.endpoints;
  }

  setMembers(members: readonly ExchangeMember[]): void {
    this.#network.setMembers(members);
  }

  identify(as: ExchangeIdentity): void {
    this.#network.identify(as);
  }

  /** The arena is the one in which partial sums are offered. */
  openJob(job: ExchangeJob, handle: SharedArenaHandle): void {
    this.closeJob();
    const arena = VectorArena.attach(handle);
    const segment = this.#network.openSegment(arena);
    this.#job = new JobExchange(job, {
      arena,
      segment,
      shelf: this.#shelf,
      selfId: this.#selfId,
      pull: (memberId, request) => this.#network.pull(memberId, request),
      trouble: (memberId, error) => this.#events.onTrouble(memberId, error.message, error.code),
    });
    this.#shelf.changedAll();
  }

  closeJob(): void {
    this.#job?.close();
    this.#job = null;
    this.#network.closeSegment();
  }

  begin(begin: StepBegin): void {
    this.#open().begin(begin);
  }

  offer(partial: OfferedPartial): void {
    this.#open().offer(partial);
  }

  held(step: number): Promise<HeldResult> {
    return this.#open().held(step);
  }

  commit(step: number): void {
    this.#open().commit(step);
  }

  pullResult(memberIds: readonly string[], step: number, chain: string): Promise<HeldResult> {
    return this.#open().pullResult(memberIds, step, chain);
  }

  /** Lets others pull these bytes, which must not change until `drop`. */
  put(name: string, content: readonly Uint8Array[]): void {
    this.#shelf.put(rawName(name), new RawPart(content));
  }

  drop(name: string): void {
    this.#shelf.drop(rawName(name));
  }

  pullPart(memberId: string, name: string, offset: number, into: Uint8Array): Promise<void> {
    return pullRaw((request) => this.#network.pull(memberId, request), rawName(name), offset, into);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closeJob();
    await this.#network[Symbol.asyncDispose]();
  }

  #open(): JobExchange {
    if (this.#job) return this.#job;
    throw new LangevinError('job_unknown', 'no job is open in this exchange');
  }
}
