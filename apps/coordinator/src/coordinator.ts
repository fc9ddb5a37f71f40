import { createClusterState, decide, type ClusterEvent, type ClusterState } from '@langevin/cluster-core';
import { ContentTable, transferService } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { blobSource, clusterId, type ObjectStore } from '@langevin/registry';
import { startServer, type RunningServer } from '@langevin/rpc';
import { clusterService } from './cluster-service.js';
import { Connections } from './connections.js';
import type { CoordinatorContext } from './context.js';
import { JobBook } from './job-book.js';
import { jobsService } from './jobs-service.js';
import { performEffect } from './perform-effect.js';
import { StepReductions } from './step-reductions.js';

/** What a coordinator needs to know. */
export interface CoordinatorOptions {
  readonly store: ObjectStore;
  readonly token: string;
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Langevin's version; a trainer of another one is refused. */
  readonly version: string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** Receives one line for each decision that changed something. */
  readonly log: (line: string) => void;
}

/** A running coordinator. */
export interface Coordinator extends AsyncDisposable {
  /** host:port of its gRPC services. */
  readonly address: string;
}

const tickMs = 250;

/**
 * Starts a coordinator: it serves Cluster, Jobs and Transfer, and carries out what `decide` decides.
 * @throws LangevinError `address_in_use`, `storage_failed`
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<Coordinator> {
  const cluster = await clusterId(options.store, options.newId());
  const table = new ContentTable([blobSource(options.store)]);
  const connections = new Connections(options.token);
  const book = new JobBook();
  let state: ClusterState = createClusterState({ version: options.version });
  const closing = new AbortController();

  const dispatch = (event: ClusterEvent): void => {
    // Trainers leave because this coordinator goes: that is no loss of theirs, and no job fails for it.
    if (closing.signal.aborted) return;
    const decision = decide(state, event, options.clock());
    const changed = decision.next !== state;
    state = decision.next;
    if (isWorthALine(event, changed, decision.reason)) options.log(decision.reason);
    for (const effect of decision.effects) performEffect(context, effect);
  };
  const reductions = new StepReductions({ table, connections, book, dispatch });
  const context: CoordinatorContext = {
    store: options.store,
    cluster,
    connections,
    book,
    reductions,
    clock: options.clock,
    log: options.log,
    closing: closing.signal,
    state: () => state,
    dispatch,
  };
  const server: RunningServer = await startServer({
    ...(options.host === undefined ? {} : { host: options.host }),
    port: options.port,
    token: options.token,
    services: { Cluster: clusterService(context), Jobs: jobsService(context), Transfer: transferService(table) },
  });
  const ticking = setInterval(() => dispatch({ type: 'tick' }), tickMs);
  return {
    address: server.address,
    [Symbol.asyncDispose]: async () => {
      const goodbye = 'the coordinator is shutting down';
      closing.abort(new LangevinError('unavailable', goodbye));
      clearInterval(ticking);
      connections.closeAll(goodbye);
      await server.close();
    },
  };
}

/** Heartbeats, ticks and the steps of a job that runs are too many for a log; refusals and changes are not. */
function isWorthALine(event: ClusterEvent, changed: boolean, reason: string): boolean {
  const routine = ['heartbeat', 'tick', 'partialReceived', 'resultReady', 'prepared'];
  if (reason === '' || (routine.includes(event.type) && !/lost|fail|diverge|refus|stop/.test(reason))) return false;
  return changed || reason.startsWith('ignored');
}
