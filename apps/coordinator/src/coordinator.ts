import { COORDINATOR, createClusterState, decide, FailureDetector, type ClusterEvent, type ClusterState } from '@langevin/cluster-core';
import { ContentTable, ExchangeHost, transferService, type ExchangeMember } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { blobSource, CheckpointSpool, clusterId, type ObjectStore } from '@langevin/registry';
import { startServer, type RunningServer, type TlsIdentity } from '@langevin/rpc';
import { openLedger } from '@langevin/processes';
import { takeAuthority } from './authority.js';
import { clusterService } from './cluster-service.js';
import { Connections } from './connections.js';
import type { CoordinatorContext } from './context.js';
import { startHttp, type HttpOptions, type HttpSide } from './http/start-http.js';
import { JobBook } from './job-book.js';
import { reconcileStoring } from './reconcile-storing.js';
import { jobsService } from './jobs-service.js';
import { patientSource } from './patient-source.js';
import { noteDecision } from './note-decision.js';
import { performEffect } from './perform-effect.js';
import { SpoolPublisher, type LateCheckpoint } from './spool-publisher.js';
import { Relay } from './relay.js';
import { StepMessages } from './step-messages.js';
import { Wakefulness } from './wakefulness.js';

/** What a coordinator needs to know. */
export interface CoordinatorOptions {
  readonly store: ObjectStore;
  /** Folder for checkpoints that wait for the store. */
  readonly spool: string;
  /** Folder of what it must not forget: a coordinator that starts again there goes on. */
  readonly journal: string;
  /** Identity of the data folder that these belong to, for ever. */
  readonly folderId: string;
  /** What people call this coordinator. @default 'coordinator' */
  readonly name?: string;
  /** Takes the place of a coordinator of the same store that does not answer any more. @default false */
  readonly takeover?: boolean;
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
  /** Folder for facts that a separate program can check. @default none are written */
  readonly ledger?: string | undefined;
  /** Receives one line for each decision that changed something. */
  readonly log: (line: string) => void;
}

/** A running coordinator. */
export interface Coordinator extends AsyncDisposable {
  /** host:port of its gRPC services, for this machine. */
  readonly address: string;
  /** Where the HTTP API is opened; null without it. */
  readonly url: string | null;
  /** Aborted when another coordinator has taken over; the reason names it. */
  readonly fenced: AbortSignal;
}

const tickMs = 250;

/**
 * Starts a coordinator: it serves Cluster, Jobs and Transfer, and carries out what `decide` decides. Jobs of an earlier one in
 * the same folder go on.
 * @throws LangevinError `address_in_use` for a port, or a store that another coordinator works on, `storage_failed`
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<Coordinator> {
  const { host = '127.0.0.1', port, token, tls, insecure, store, clock, log } = options;
  const cluster = await clusterId(store, options.newId());
  const { folderId, name = 'coordinator', takeover = false } = options;
  const authority = await takeAuthority({ store, folder: options.journal, folderId, name, takeover, log });
  const { term, journal, found, fenced } = authority;
  const ledger = openLedger(options.ledger, `coordinator-${term}`);
  const book = new JobBook(found.records);
  const connections = new Connections(term, token, tls);
  const detector = new FailureDetector();
  let state: ClusterState = createClusterState({ version: options.version });
  let http: HttpSide | null = null;
  const closing = new AbortController();
  const table = new ContentTable([patientSource(blobSource(store), closing.signal)]);

  const act = (event: ClusterEvent): void => {
    // Trainers leave because this coordinator goes: that is no loss of theirs, and no job fails for it.
    if (closing.signal.aborted || fenced.aborted) return;
    const before = state;
    const decision = decide(before, event, clock());
    state = decision.next;
    journal.observe(before, state, decision.effects);
    noteDecision(ledger, event, state, decision.effects);
    if (isWorthALine(event, before !== state, decision.reason)) log(decision.reason);
    http?.chronicle.observe({ event, before, after: state, reason: decision.reason });
    for (const effect of decision.effects) performEffect(context, effect);
  };
  const wakefulness = new Wakefulness(authority, act, log);
  const dispatch = (event: ClusterEvent): void => wakefulness.pass(event);
  const exchange = await ExchangeHost.start({
    ...{ cluster, term, token, tls, listen: { host, port: 0 } },
    self: { id: COORDINATOR, name: COORDINATOR, incarnation: String(term) },
    onTrouble: (peerId, problem) => {
      const live = state.jobs.find(({ status }) => status.phase === 'running');
      if (live) dispatch({ type: 'peerTrouble', trainerId: COORDINATOR, peerId, jobId: live.request.id, problem, peerSilentMs: detector.silentMs(peerId, clock()) });
    },
    onRecovered: () => undefined,
  });
  const self = (): ExchangeMember => ({ id: COORDINATOR, name: COORDINATOR, incarnation: String(term), ...exchange.endpoints });
  const steps = new StepMessages({ connections, book, state: () => state, self });
  const chain = (jobId: string): string => state.jobs.find(({ request }) => request.id === jobId)?.chain ?? '';
  const relay = new Relay({ exchange, book, chain, members: (plan) => steps.members(plan) });
  let takenUp = (): void => undefined;
  const ready = new Promise<void>((resolve) => (takenUp = resolve));
  const { spool, publisher } = await openSpool(options, dispatch, ready, closing.signal);
  const context: CoordinatorContext = {
    ...{ store, spool, publisher, cluster, connections, book, journal, steps, relay, detector, term, clock, log, dispatch },
    reports: new Map(),
    sealMetrics: async (run) => http?.chronicle.seal(run),
    suspectFence: (why) => wakefulness.doubt(why),
    isAwake: () => wakefulness.isAwake,
    closing: closing.signal,
    state: () => state,
  };
  if (options.http) http = await startHttp(context, { ...options, host, ...options.http });
  if (found.jobs.length > 0) dispatch({ type: 'recovered', jobs: found.jobs, generation: found.generation });
  await reconcileStoring(context, found.jobs);
  takenUp();
  const server: RunningServer = await startServer({
    ...{ host, port, token, tls, insecure },
    services: { Cluster: clusterService(context), Jobs: jobsService(context), Transfer: transferService(table) },
  });
  if (server.warning !== null) log(`warning: ${server.warning}`);
  await authority.announce(server.localAddress);
  const ticking = setInterval(() => {
    for (const { trainerId, silentMs, allowedMs } of detector.check(clock())) {
      const why = `silent for ${Math.round(silentMs)} ms, its rhythm allows ${Math.round(allowedMs)} ms`;
      detector.forget(trainerId);
      connections.drop(trainerId, 'trainer_lost', why);
      dispatch({ type: 'trainerDetached', trainerId, why });
    }
    dispatch({ type: 'tick' });
  }, tickMs);
  return {
    address: server.localAddress,
    url: http?.url ?? null,
    fenced,
    [Symbol.asyncDispose]: async () => {
      const goodbye = 'the coordinator is shutting down';
      closing.abort(new LangevinError('unavailable', goodbye));
      clearInterval(ticking);
      connections.closeAll(goodbye);
      await server.close();
      await exchange[Symbol.asyncDispose]();
      await http?.[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
      await authority[Symbol.asyncDispose]();
    },
  };
}

/** @param ready resolves when the jobs of an earlier coordinator are taken up: only then do their checkpoints concern anybody */
async function openSpool(
  { spool: folder, store, log, now }: CoordinatorOptions,
  dispatch: (event: ClusterEvent) => void,
  ready: Promise<void>,
  closing: AbortSignal,
): Promise<Pick<CoordinatorContext, 'spool' | 'publisher'>> {
  const spool = await CheckpointSpool.open(folder);
  const onLost = (): void => dispatch({ type: 'storeLost', since: timeOfDay(now()) });
  const onFound = (): void => dispatch({ type: 'storeFound' });
  const onLate = (event: LateCheckpoint): void => void ready.then(() => dispatch(event));
  return { spool, publisher: await SpoolPublisher.open({ spool, store, log, onLost, onFound, onLate, closing }) };
}

/** Hours, minutes and seconds in UTC: an outage is rarely longer than a day. */
function timeOfDay(date: Date): string {
  return `${date.toISOString().slice(11, 19)} UTC`;
}

/** Heartbeats, ticks and the steps of a job that runs are too many for a log, and the publisher speaks of the store; refusals and changes are not. */
function isWorthALine(event: ClusterEvent, changed: boolean, reason: string): boolean {
  const routine = ['tick', 'prepared', 'checkpointCopied', 'storeLost', 'storeFound'];
  if (reason === '' || (routine.includes(event.type) && !/lost|fail|diverge|differ|refus|stop|pause|evict|leave|take part|takes part|come back/.test(reason))) return false;
  return changed || reason.startsWith('ignored');
}
