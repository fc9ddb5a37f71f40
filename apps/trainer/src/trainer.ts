import { randomUUID } from 'node:crypto';
import { LangevinError } from '@langevin/contracts';
import { connectTransfer, ContentTable, transferService } from '@langevin/collectives';
import { connect, receive, startServer } from '@langevin/rpc';
import type { TlsIdentity, TrainerMessage } from '@langevin/rpc';
import { computeThreads } from '@langevin/tf-runtime/process';
import { pullAddress } from './pull-address.js';
import { ComputeClient } from './compute/client.js';
import { JobSession } from './job-session.js';
import { StepStopwatch } from './step-stopwatch.js';

/** What a trainer needs to know. */
export interface TrainerOptions {
  /** host:port of the coordinator. */
  readonly coordinator: string;
  readonly token: string;
  /** For people; unique among live trainers. */
  readonly name: string;
  /** Folder in which data shards are kept between jobs. */
  readonly cacheFolder: string;
  /** Langevin's version; must equal the coordinator's. */
  readonly version: string;
  /** What it proves itself with, to the coordinator. @default nothing is encrypted: right on one machine alone */
  readonly tls?: TlsIdentity | undefined;
  /** Where others pull from this trainer. @default any free port of 127.0.0.1 */
  readonly listen?: ListenOptions;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
  /** Called when the coordinator has taken this trainer in. */
  readonly onAttached?: () => void;
}

/** Where a trainer serves its part of the data. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** host or host:port at which the coordinator dials it. @default the host and port that it listens on */
  readonly advertise?: string | undefined;
  /** Allows a host beyond this machine without TLS. */
  readonly insecure: boolean;
}

const connectTimeoutMs = 10_000;

/**
 * Works for a coordinator until `signal` is aborted or the connection ends.
 * @throws LangevinError why it was refused, or how the connection ended; `unavailable` without a coordinator
 */
export async function runTrainer(options: TrainerOptions, signal: AbortSignal): Promise<void> {
  await using compute = new ComputeClient();
  const numerics = await compute.ask({ kind: 'facts' });
  const table = new ContentTable();
  const { tls, listen = { host: '127.0.0.1', port: 0, insecure: false } } = options;
  await using server = await startServer({
    ...listen,
    tls,
    token: options.token,
    services: { Transfer: transferService(table) },
  });
  const pulledAt = pullAddress(listen, server.port);
  if (server.warning !== null) options.log(`warning: ${server.warning}`);
  using cluster = connect(options.coordinator, options.token, 'Cluster', { tls });
  using transfer = connectTransfer(options.coordinator, options.token, { peers: 1, tls });
  await cluster.ready(connectTimeoutMs);
  const stream = cluster.attach({ signal: AbortSignal.any([signal, compute.failed]) });
  const send = (body: TrainerMessage): void => void stream.write(body);
  send({
    hello: { version: options.version, name: options.name, incarnation: randomUUID(), pullAddress: pulledAt, numerics },
  });
  let heartbeat: NodeJS.Timeout | undefined;
  let session: JobSession | null = null;
  let stopwatch = new StepStopwatch(options.clock);
  const tellAlive = (): void => send({ heartbeat: { progress: compute.progress, memoryBytes: process.memoryUsage.rss(), threads: computeThreads(), step: stopwatch.last } });
  try {
    for await (const message of receive(stream, cluster.peer)) {
      if (message.body === 'welcome' && message.welcome) {
        heartbeat = setInterval(tellAlive, message.welcome.heartbeatMs);
        options.log(`attached to ${options.coordinator} as ${message.welcome.trainerId}`);
        options.onAttached?.();
      } else if (message.body === 'startJob' && message.startJob) {
        await session?.[Symbol.asyncDispose]();
        stopwatch = new StepStopwatch(options.clock);
        session = new JobSession(message.startJob, { compute, table, transfer, send, stopwatch, cacheFolder: options.cacheFolder, log: options.log });
      } else {
        session?.receive(message);
      }
    }
    if (!signal.aborted) throw new LangevinError('unavailable', `the coordinator at ${options.coordinator} closed the connection`);
  } catch (error) {
    if (!signal.aborted) throw compute.failed.aborted ? compute.failed.reason : error;
  } finally {
    clearInterval(heartbeat);
    await session?.[Symbol.asyncDispose]();
    stream.cancel();
  }
}
