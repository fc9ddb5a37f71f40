import { COORDINATOR, type ClusterEvent, type ClusterState, type FailureDetector } from '@langevin/cluster-core';
import { ExchangeHost, LastingTroubles, type ExchangeMember } from '@langevin/collectives';
import type { TlsIdentity } from '@langevin/rpc';
import type { Connections } from './connections.js';
import type { JobBook } from './job-book.js';
import { Relay } from './relay.js';
import { SelfCheck } from './self-check.js';
import { StepMessages } from './step-messages.js';

/** What the coordinator's part of the exchange is made from. */
export interface ExchangeSideOptions {
  readonly cluster: string;
  readonly term: number;
  readonly token: string;
  readonly tls?: TlsIdentity | undefined;
  readonly host: string;
  /** @default 0, any free one */
  readonly exchangePort?: number | undefined;
  readonly insecure?: boolean | undefined;
  readonly book: JobBook;
  readonly connections: Connections;
  readonly detector: FailureDetector;
  readonly clock: () => number;
  readonly state: () => ClusterState;
  readonly dispatch: (event: ClusterEvent) => void;
  /** Somebody checks what is written into ledgers: every step takes in the state. */
  readonly ledger?: string | undefined;
}

/** The coordinator's part of the exchange, and what trainers are told of it. */
export interface ExchangeSide {
  readonly exchange: ExchangeHost;
  readonly steps: StepMessages;
  readonly relay: Relay;
  readonly checks: SelfCheck;
}

/** Starts it. @throws LangevinError as `ExchangeHost.start` */
export async function startExchange(options: ExchangeSideOptions): Promise<ExchangeSide> {
  const { cluster, term, token, tls, host, exchangePort: port = 0, book, connections, detector, clock, state, dispatch } = options;
  const self = { id: COORDINATOR, name: COORDINATOR, incarnation: String(term) };
  const troubles = new LastingTroubles((peerId, problem) => {
    const live = state().jobs.find(({ status }) => status.phase === 'running');
    if (!live || !connections.member(peerId)) return false;
    dispatch({ type: 'peerTrouble', trainerId: COORDINATOR, peerId, jobId: live.request.id, problem, peerSilentMs: Math.round(detector.silentMs(peerId, clock())) });
    return true;
  });
  const exchange = await ExchangeHost.start({ cluster, term, token, tls, listen: { host, port, insecure: options.insecure }, self, onTrouble: (id, problem) => troubles.begin(id, problem), onRecovered: (id) => troubles.end(id) });
  const member = (): ExchangeMember => ({ ...self, ...exchange.endpoints });
  const checks = new SelfCheck();
  const steps = new StepMessages({ connections, book, state, checks, self: member, isThorough: options.ledger !== undefined });
  const chain = (jobId: string): string => state().jobs.find(({ request }) => request.id === jobId)?.chain ?? '';
  const relay = new Relay({ exchange, book, chain, members: (jobId) => steps.members(jobId) });
  return { exchange, steps, relay, checks };
}
