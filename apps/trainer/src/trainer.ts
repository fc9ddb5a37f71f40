import { randomUUID } from 'node:crypto';
import { LangevinError } from '@langevin/contracts';
import { connectTransfer, ContentTable, transferService } from '@langevin/collectives';
import { connect, receive, startServer } from '@langevin/rpc';
import type { TrainerMessage } from '@langevin/rpc';
import { ComputeClient } from './compute/client.js';
import { JobSession } from './job-session.js';

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
  /** Address on which others pull from this trainer. @default '127.0.0.1' */
  readonly host?: string;
  readonly log: (line: string) => void;
  /** Called when the coordinator has taken this trainer in. */
  readonly onAttached?: () => void;
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
  await using server = await startServer({
    ...(options.host === undefined ? {} : { host: options.host }),
    port: 0,
    token: options.token,
    services: { Transfer: transferService(table) },
  });
  using cluster = connect(options.coordinator, options.token, 'Cluster');
  using transfer = connectTransfer(options.coordinator, options.token, { peers: 1 });
  await cluster.ready(connectTimeoutMs);
  const stream = cluster.attach({ signal: AbortSignal.any([signal, compute.failed]) });
  const send = (body: TrainerMessage): void => void stream.write(body);
  send({
    hello: { version: options.version, name: options.name, incarnation: randomUUID(), pullAddress: server.address, numerics },
  });
  let heartbeat: NodeJS.Timeout | undefined;
  let session: JobSession | null = null;
  try {
    for await (const message of receive(stream, cluster.peer)) {
      if (message.body === 'welcome' && message.welcome) {
        heartbeat = setInterval(() => send({ heartbeat: { progress: compute.progress } }), message.welcome.heartbeatMs);
        options.log(`attached to ${options.coordinator} as ${message.welcome.trainerId}`);
        options.onAttached?.();
      } else if (message.body === 'startJob' && message.startJob) {
        await session?.[Symbol.asyncDispose]();
        session = new JobSession(message.startJob, { compute, table, transfer, send, cacheFolder: options.cacheFolder, log: options.log });
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
