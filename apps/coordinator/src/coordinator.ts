import { createClusterState, decide, type ClusterEvent, type ClusterState } from '@langevin/cluster-core';
import { ContentTable, transferService } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { blobSource, CheckpointSpool, clusterId, type ObjectStore } from '@langevin/registry';
import { startServer, type RunningServer, type TlsIdentity } from '@langevin/rpc';
import { clusterService } from './cluster-service.js';
import { Connections } from './connections.js';
import type { CoordinatorContext } from './context.js';
import { startHttp, type HttpOptions, type HttpSide } from './http/start-http.js';
import { JobBook } from './job-book.js';
import { jobsService } from './jobs-service.js';
import { patientSource } from './patient-source.js';
import { performEffect } from './perform-effect.js';
import { SpoolPublisher } from './spool-publisher.js';
import { StepReductions } from './step-reductions.js';

/** What a coordinator needs to know. */
export interface CoordinatorOptions {
  readonly store: ObjectStore;
  /** Folder for checkpoints that wait for the store. */
  readonly spool: string;
  readonly token: string;
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** What it proves itself with, to trainers and callers. @default nothing is encrypted: right on one machine alone */
  readonly tls?: TlsIdentity | undefined;
  /** Allows a host beyond this machine without TLS. @default false */
  readonly insecure?: boolean;
  /** Langevin's version; a trainer of another one is refused. */
  readonly version: string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** The time of day, for messages. */
  readonly now: () => Date;
  readonly newId: () => string;
  /** Serves the HTTP API beside. @default there is none, and nothing is recorded */
  readonly http?: Omit<HttpOptions, 'version' | 'token' | 'now' | 'newId' | 'tls' | 'insecure' | 'host'>;
  /** Receives one line for each decision that changed something. */
  readonly log: (line: string) => void;
}

/** A running coordinator. */
export interface Coordinator extends AsyncDisposable {
  /** host:port of its gRPC services, for this machine. */
  readonly address: string;
  /** Where the HTTP API is opened; null without it. */
  readonly url: string | null;
}

const tickMs = 250;

/**
 * Starts a coordinator: it serves Cluster, Jobs and Transfer, and carries out what `decide` decides.
 * @throws LangevinError `address_in_use`, `storage_failed`
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<Coordinator> {
  const cluster = await clusterId(options.store, options.newId());
  const connections = new Connections(options.token, options.tls);
  const book = new JobBook();
  let state: ClusterState = createClusterState({ version: options.version });
  let http: HttpSide | null = null;
  const closing = new AbortController();
  const table = new ContentTable([patientSource(blobSource(options.store), closing.signal)]);

  const dispatch = (event: ClusterEvent): void => {
    // Trainers leave because this coordinator goes: that is no loss of theirs, and no job fails for it.
    if (closing.signal.aborted) return;
    const before = state;
    const decision = decide(before, event, options.clock());
    state = decision.next;
    if (isWorthALine(event, before !== state, decision.reason)) options.log(decision.reason);
    http?.chronicle.observe({ event, before, after: state, reason: decision.reason });
    for (const effect of decision.effects) performEffect(context, effect);
  };
  const { spool, publisher } = await openSpool(options, dispatch, closing.signal);
  const reductions = new StepReductions({ table, connections, book, dispatch });
  const { host = '127.0.0.1', port, token, tls, insecure, store, clock, log } = options;
  const context: CoordinatorContext = {
    ...{ store, spool, publisher, cluster, connections, book, reductions, clock, log, dispatch },
    reports: new Map(),
    sealMetrics: async (run) => http?.chronicle.seal(run),
    closing: closing.signal,
    state: () => state,
  };
  if (options.http) http = await startHttp(context, { ...options, host, ...options.http });
  const server: RunningServer = await startServer({
    ...{ host, port, token, tls, insecure },
    services: { Cluster: clusterService(context), Jobs: jobsService(context), Transfer: transferService(table) },
  });
  if (server.warning !== null) options.log(`warning: ${server.warning}`);
  const ticking = setInterval(() => dispatch({ type: 'tick' }), tickMs);
  return {
    address: server.localAddress,
    url: http?.url ?? null,
    [Symbol.asyncDispose]: async () => {
      const goodbye = 'the coordinator is shutting down';
      closing.abort(new LangevinError('unavailable', goodbye));
      clearInterval(ticking);
      connections.closeAll(goodbye);
      await server.close();
      await http?.[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
    },
  };
}

async function openSpool(
  { spool: folder, store, log, now }: CoordinatorOptions,
  dispatch: (event: ClusterEvent) => void,
  closing: AbortSignal,
): Promise<Pick<CoordinatorContext, 'spool' | 'publisher'>> {
  const spool = await CheckpointSpool.open(folder);
  const onLost = (): void => dispatch({ type: 'storeLost', since: timeOfDay(now()) });
  const onFound = (): void => dispatch({ type: 'storeFound' });
  return { spool, publisher: await SpoolPublisher.open({ spool, store, log, onLost, onFound, closing }) };
}

/** Hours, minutes and seconds in UTC: an outage is rarely longer than a day. */
function timeOfDay(date: Date): string {
  return `${date.toISOString().slice(11, 19)} UTC`;
}

/** Heartbeats, ticks and the steps of a job that runs are too many for a log, and the publisher speaks of the store; refusals and changes are not. */
function isWorthALine(event: ClusterEvent, changed: boolean, reason: string): boolean {
  const routine = ['heartbeat', 'tick', 'partialReceived', 'resultReady', 'prepared', 'checkpointCopied', 'storeLost', 'storeFound'];
  if (reason === '' || (routine.includes(event.type) && !/lost|fail|diverge|refus|stop/.test(reason))) return false;
  return changed || reason.startsWith('ignored');
}
