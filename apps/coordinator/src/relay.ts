import { COORDINATOR, type Effect } from '@langevin/cluster-core';
import type { ExchangeHost, ExchangeMember } from '@langevin/collectives';
import { modelLayout } from '@langevin/diffusion-core/planning';
import type { JobBook } from './job-book.js';

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** What the coordinator reduces with. */
export interface RelayTools {
  readonly exchange: ExchangeHost;
  readonly book: JobBook;
  /** Where those that take part in a job are reached. */
  readonly members: (jobId: string) => readonly ExchangeMember[];
  /** Digest of the results of a job before its running step. */
  readonly chain: (jobId: string) => string;
}

/** The coordinator's own part of the exchange: it reduces where a plan gives it blocks, and has nothing to do otherwise. */
export class Relay {
  readonly #tools: RelayTools;
  #jobId: string | null = null;

  constructor(tools: RelayTools) {
    this.#tools = tools;
  }

  begin({ jobId, step, plan }: EffectOf<'stepBegun'>): void {
    if (!plan.chunks.some(({ ownerId }) => ownerId === COORDINATOR)) return this.end(jobId);
    const { exchange, book, members, chain } = this.#tools;
    if (this.#jobId !== jobId) {
      const { training, model } = book.get(jobId).spec;
      exchange.openJob({ job: jobId, elements: modelLayout(model).total, virtualWorkers: training.virtualWorkers, clipNorm: training.clipNorm });
      this.#jobId = jobId;
    }
    exchange.setMembers(members(jobId));
    exchange.begin({ step, chain: chain(jobId), plan });
  }

  commit({ jobId, step }: EffectOf<'stepCommitted'>): void {
    if (this.#jobId === jobId) this.#tools.exchange.commit(step);
  }

  /** The job needs it no more. */
  end(jobId: string): void {
    if (this.#jobId !== jobId) return;
    this.#jobId = null;
    this.#tools.exchange.closeJob();
    // Whoever breaks a link that nobody needs is in no trouble.
    this.#tools.exchange.setMembers([]);
  }
}
