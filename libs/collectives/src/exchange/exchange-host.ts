import type { ExchangePlan, Subtree } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { SharedArenaHandle } from '../vector-arena.js';
import type { ExchangeEndpoints, ExchangeMember } from './exchange-member.js';
import type { ExchangeEvents, ExchangeJob, ExchangeOptions } from './exchange-options.js';
import type { HeldResult } from './held-result.js';

/** A finished subtree of this process. */
export interface OfferedPartial {
  readonly step: number;
  readonly subtree: Subtree;
  /** Of its vector in the arena, which the exchange takes over. */
  readonly address: number;
  readonly weightSum: number;
  readonly lossSum: number;
}

const todo = (): never => {
  throw new LangevinError('unsupported', 'the exchange is being built');
};

/** The exchange thread, seen from the main thread: bulk data and reductions never hold up who calls it. */
export class ExchangeHost implements AsyncDisposable {
  static async start(_options: ExchangeOptions & ExchangeEvents): Promise<ExchangeHost> {
    return todo();
  }
  get endpoints(): ExchangeEndpoints {
    return todo();
  }
  openJob(_job: ExchangeJob): SharedArenaHandle {
    return todo();
  }
  setMembers(_members: readonly ExchangeMember[]): void {}
  identify(_as: { readonly term: number; readonly id: string }): void {}
  begin(_step: { readonly step: number; readonly chain: string; readonly plan: ExchangePlan }): void {}
  offer(_partial: OfferedPartial): void {}
  async held(_step: number): Promise<HeldResult> {
    return todo();
  }
  commit(_step: number): void {}
  put(_name: string, _content: readonly Uint8Array[]): void {}
  drop(_name: string): void {}
  async pullPart(_memberId: string, _name: string, _offset: number, _length: number, _into: Uint8Array<SharedArrayBuffer>): Promise<void> {}
  async pullResult(_memberIds: readonly string[], _step: number, _chain: string): Promise<HeldResult> {
    return todo();
  }
  closeJob(): void {}
  async [Symbol.asyncDispose](): Promise<void> {}
}
