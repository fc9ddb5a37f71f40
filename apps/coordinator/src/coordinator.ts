import { randomUUID } from 'node:crypto';
import { createClusterState, FailureDetector, type ClusterEvent } from '@langevin/cluster-core';
import { ContentTable, transferService } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { openLedger } from '@langevin/processes';
import { blobSource, CheckpointSpool, clusterId, type ObjectStore } from '@langevin/registry';
import { startServer, type RunningServer, type ServerOptions, type TlsIdentity } from '@langevin/rpc';
import { takeAuthority } from './authority.js';
import { clusterService } from './cluster-service.js';
import { Connections } from './connections.js';
import type { CoordinatorContext } from './context.js';
import { Decisions } from './decisions.js';
import { startExchange } from './exchange-side.js';
import type { HttpOptions, HttpSide } from './http/start-http.js';
import { JobBook } from './job-book.js';
import type { Journalled } from './job-journal.js';
import { jobsService } from './jobs-service.js';
import { MessageTally } from './message-tally.js';
import { patientSource } from './patient-source.js';
import { performEffect } from './perform-effect.js';
import { reconcileStoring } from './reconcile-storing.js';
import { SpoolPublisher, type LateCheckpoint } from './spool-publisher.js';
import { watchTrainers } from './watch-trainers.js';

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
  /** Where trainers that cannot reach each other bring their gradients. @default 0, any free one */
  readonly exchangePort?: number;
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

/**
 * Starts a coordinator: it serves Cluster, Jobs and Transfer, and carries out what `decide` decides. Jobs of an earlier one in
 * the same folder go on.
 * @throws LangevinError `address_in_use` for a port, or a store that another coordinator works on, `storage_failed`
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<Coordinator> {
  const open = new OpenParts();
  try {
    return await start(options, open);
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}

/** @param open what has to be closed again, the last first */
async function start(options: CoordinatorOptions, open: OpenParts): Promise<Coordinator> {
  const { host = '127.0.0.1', port, token, tls, insecure, store, clock, log, folderId, name = 'coordinator', takeover = false } = options;
  const cluster = await clusterId(store, options.newId());
  const authority = open.add(await takeAuthority({ store, folder: options.journal, folderId, name, takeover, log }));
  const { term, journal, found } = authority;
  const closing = new AbortController();
  let http: HttpSide | null = null;
  const decisions = new Decisions({
    ...{ authority, clock, log },
    initial: createClusterState({ version: options.version }),
    ledger: openLedger(options.ledger, `coordinator-${randomUUID()}`),
    closing: closing.signal,
    observe: (decision) => http?.chronicle.observe(decision),
    perform: (effect) => performEffect(context, effect),
  });
  const { dispatch, state } = decisions;
  const book = new JobBook(found.records);
  const detector = new FailureDetector();
  const connections = new Connections(term, token, tls);
  const { exchange, steps, relay, checks } = await startExchange({ ...options, host, cluster, term, book, connections, detector, state, dispatch });
  open.add(exchange);
  const { spool, publisher, takenUp } = await openSpool(options, dispatch, closing.signal);
  open.add(publisher);
  const context: CoordinatorContext = {
    ...{ store, spool, publisher, cluster, connections, book, journal, steps, relay, detector, checks, term, clock, log, dispatch, state },
    ...{ reports: new Map(), tally: new MessageTally() },
    sealMetrics: async (run) => http?.chronicle.seal(run),
    compared: (job, comparison) => http?.chronicle.compared(job, comparison),
    suspectFence: (why) => decisions.doubt(why),
    isAwake: () => decisions.isAwake,
    closing: closing.signal,
  };
  if (options.http) http = open.add(await openHttp(context, { ...options, host, ...options.http }));
  takeUp(context, found, takenUp);
  const server = open.add(await serve(context, { host, port, token, tls, insecure }));
  await authority.announce(server.localAddress);
  const unwatch = watchTrainers(context);
  return {
    address: server.localAddress,
    url: http?.url ?? null,
    fenced: authority.fenced,
    [Symbol.asyncDispose]: async () => {
      const goodbye = 'the coordinator is shutting down';
      closing.abort(new LangevinError('unavailable', goodbye));
      unwatch();
      connections.closeAll(goodbye);
      await open[Symbol.asyncDispose]();
    },
  };
}

/** Goes on with the jobs that an earlier coordinator has left. */
function takeUp(context: CoordinatorContext, { jobs, generation }: Journalled, takenUp: () => void): void {
  if (jobs.length > 0) context.dispatch({ type: 'recovered', jobs, generation });
  // A store that is away is not waited for.
  void reconcileStoring(context, jobs).catch((error: unknown) => context.log(LangevinError.from(error).message));
  takenUp();
}

/** Loads the HTTP API, which is a large part of the program, only where somebody asks for it: trainers wait for a coordinator that starts again. */
async function openHttp(context: CoordinatorContext, options: HttpOptions): Promise<HttpSide> {
  const { startHttp } = await import('./http/start-http.js');
  return startHttp(context, options);
}

/** Opens the gRPC services. */
async function serve(context: CoordinatorContext, listen: Omit<ServerOptions, 'services'>): Promise<RunningServer> {
  const table = new ContentTable([patientSource(blobSource(context.store), context.closing)]);
  const server = await startServer({ ...listen, services: { Cluster: clusterService(context), Jobs: jobsService(context), Transfer: transferService(table) } });
  if (server.warning !== null) context.log(`warning: ${server.warning}`);
  return server;
}

/** What has been opened, to be closed in the other order. */
class OpenParts implements AsyncDisposable {
  readonly #parts: AsyncDisposable[] = [];

  add<Part extends AsyncDisposable>(part: Part): Part {
    this.#parts.push(part);
    return part;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#parts.splice(0).reverse()) await part[Symbol.asyncDispose]();
  }
}

/** `takenUp` says that the jobs of an earlier coordinator are known: only then do the checkpoints that it has left concern anybody. */
async function openSpool(
  { spool: folder, store, log, now }: CoordinatorOptions,
  dispatch: (event: ClusterEvent) => void,
  closing: AbortSignal,
): Promise<Pick<CoordinatorContext, 'spool' | 'publisher'> & { readonly takenUp: () => void }> {
  let takenUp = (): void => undefined;
  const ready = new Promise<void>((resolve) => (takenUp = resolve));
  const spool = await CheckpointSpool.open(folder);
  const onLost = (): void => dispatch({ type: 'storeLost', since: timeOfDay(now()) });
  const onFound = (): void => dispatch({ type: 'storeFound' });
  const onLate = (event: LateCheckpoint): void => void ready.then(() => dispatch(event));
  return { spool, publisher: await SpoolPublisher.open({ spool, store, log, onLost, onFound, onLate, closing }), takenUp };
}

/** Hours, minutes and seconds in UTC: an outage is rarely longer than a day. */
function timeOfDay(date: Date): string {
  return `${date.toISOString().slice(11, 19)} UTC`;
}
