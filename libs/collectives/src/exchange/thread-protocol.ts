import type { ErrorCode } from '@langevin/contracts';
import type { SharedArenaHandle } from '../vector-arena.js';
import type { OfferedPartial, StepBegin } from './engine.js';
import type { ExchangeEndpoints, ExchangeMember } from './exchange-member.js';
import type { ExchangeJob, ExchangeOptions, ExchangeIdentity } from './exchange-options.js';
import type { HeldResult } from './held-result.js';

/** What the main thread tells the exchange thread; those with an `id` are answered. */
export type ExchangeCall =
  | { readonly kind: 'start'; readonly id: number; readonly options: ExchangeOptions }
  | { readonly kind: 'openJob'; readonly job: ExchangeJob; readonly arena: SharedArenaHandle }
  | { readonly kind: 'closeJob' }
  | { readonly kind: 'setMembers'; readonly members: readonly ExchangeMember[] }
  | { readonly kind: 'identify'; readonly as: ExchangeIdentity }
  | { readonly kind: 'begin'; readonly begin: StepBegin }
  | { readonly kind: 'offer'; readonly partial: OfferedPartial }
  | { readonly kind: 'commit'; readonly step: number }
  | { readonly kind: 'held'; readonly id: number; readonly step: number }
  | { readonly kind: 'pullResult'; readonly id: number; readonly memberIds: readonly string[]; readonly step: number; readonly chain: string }
  | { readonly kind: 'put'; readonly name: string; readonly content: readonly Uint8Array[] }
  | { readonly kind: 'drop'; readonly name: string }
  | { readonly kind: 'pullPart'; readonly id: number; readonly memberId: string; readonly name: string; readonly offset: number; readonly into: Uint8Array }
  | { readonly kind: 'stop'; readonly id: number };

/** What calls are answered with. */
export interface ExchangeAnswers {
  readonly start: ExchangeEndpoints;
  readonly held: HeldResult;
  readonly pullResult: HeldResult;
  readonly pullPart: null;
  readonly stop: null;
}

/** What the exchange thread tells the main thread. */
export type ExchangeMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly value: ExchangeAnswers[keyof ExchangeAnswers] }
  | { readonly kind: 'failure'; readonly id: number; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'trouble'; readonly memberId: string; readonly problem: string; readonly code: ErrorCode }
  | { readonly kind: 'recovered'; readonly memberId: string }
  /** A call that is not answered was refused: the thread goes on. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };
