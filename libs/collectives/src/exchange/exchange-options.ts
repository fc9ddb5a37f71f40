import type { ErrorCode } from '@langevin/contracts';
import type { TlsIdentity } from '@langevin/rpc';
import type { ExchangeTransport } from './exchange-member.js';

/** Who this process is in the exchange. */
export interface ExchangeSelf {
  readonly id: string;
  /** For people: `trainer t2`. */
  readonly name: string;
  readonly incarnation: string;
}

/** What the coordinator has told a process of itself. */
export interface ExchangeIdentity {
  readonly cluster: string;
  readonly term: number;
  readonly id: string;
}

/** What an exchange is made with; all of it can be posted to another thread. */
export interface ExchangeOptions {
  readonly cluster: string;
  /** Of the coordinator: peers of another term are refused. */
  readonly term: number;
  readonly self: ExchangeSelf;
  /** Every peer must carry it. */
  readonly token: string;
  /** What tcp and gRPC prove themselves with. @default nothing is encrypted: right on one machine alone */
  readonly tls?: TlsIdentity | undefined;
  /** Where tcp and gRPC listen; port 0 takes any free one. Without it nobody can dial this process: it dials out. */
  readonly listen?: { readonly host: string; readonly port: number; /** Allows a host beyond this machine without TLS. */ readonly insecure?: boolean | undefined } | undefined;
  /** What may be used, offered and dialled. @default all, best first: shm, tcp, grpc */
  readonly transports?: readonly ExchangeTransport[];
}

/** What happens on the links to peers. */
export interface ExchangeEvents {
  /** A peer does not answer, refuses, or sends what cannot be. It may recover. */
  onTrouble(memberId: string, problem: string, code: ErrorCode): void;
  onRecovered(memberId: string): void;
}

/** A job whose steps are exchanged. */
export interface ExchangeJob {
  readonly job: string;
  /** Of the flat gradient. */
  readonly elements: number;
  /** Leaves of the reduction tree, a power of two. */
  readonly virtualWorkers: number;
  /** Norm above which the mean gradient is scaled down to it. @default no clipping */
  readonly clipNorm?: number | undefined;
  /** Bytes of results of committed steps that are kept for joiners; the newest is always kept. @default 256 MiB */
  readonly resultBudgetBytes?: number | undefined;
}
