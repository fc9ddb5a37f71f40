import { Server } from '@grpc/grpc-js';
import type { ServerCredentials } from '@grpc/grpc-js';
import { LangevinError } from '@langevin/contracts';
import { HealthImplementation } from 'grpc-health-check';
import { silenceGrpcLog } from './grpc-log.js';
import { keepaliveOptions, keepaliveWithin } from './keepalive.js';
import { maxChunkMessageBytes, maxControlBytes, maxListBytes } from './message-limits.js';
import { qualifiedName, serviceDefinition, serviceNames } from './services.js';
import type { ServiceHandlers } from './services.js';
import { checkExposure, dialableHost } from './tls/exposure.js';
import { hostAndPort } from './tls/host-of.js';
import { serverCredentials } from './tls/tls-credentials.js';
import type { TlsIdentity } from './tls/tls-identity.js';
import { checkToken, requireToken } from './token.js';

/** What a gRPC server of Langevin needs to know. */
export interface ServerOptions {
  /** Address to listen on. @default '127.0.0.1' (nobody outside this machine can connect) */
  readonly host?: string;
  /** Port to listen on; 0 takes any free one. */
  readonly port: number;
  /** Every call, health checks included, must carry it. */
  readonly token: string;
  /** Where a caller finds the token, for the refusal. @default the data directory of `langevin up` */
  readonly tokenSource?: string;
  /** The services to serve. The standard health service is always there. */
  readonly services: Partial<ServiceHandlers>;
  /** What it proves itself with; callers must prove themselves too then. @default nothing is encrypted: right on one machine alone */
  readonly tls?: TlsIdentity | undefined;
  /** Allows listening beyond this machine without encryption. @default false */
  readonly insecure?: boolean | undefined;
  /** A caller that has vanished without a word is cut off after so long. Its event loop has to answer in two thirds of it. @default a minute */
  readonly callerSilenceMs?: number;
  /** How long `close` lets running calls finish before it cuts them. @default 2000 */
  readonly closeLimitMs?: number;
}

/** A listening server. */
export interface RunningServer extends AsyncDisposable {
  /** host:port that it listens on */
  readonly address: string;
  /** host:port at which this machine dials it: the same, unless it listens on all addresses. */
  readonly localAddress: string;
  readonly port: number;
  /** Where it listens beyond this machine without encryption: words to show; else null. */
  readonly warning: string | null;
  /** Refuses new calls, lets the running ones finish for `closeLimitMs`, then cuts them. Safe to call twice. */
  close(): Promise<void>;
}

const defaultTokenSource = 'the token that `langevin up` wrote into its data directory at its first start';

/**
 * Serves the named services and grpc.health.v1.Health behind one token.
 * Throws `address_in_use` when the port is taken and `invalid_argument` for an unusable token, host or port, and for a host
 * beyond this machine without TLS unless `insecure` is said.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  checkToken(options.token);
  silenceGrpcLog();
  const host = options.host ?? '127.0.0.1';
  const warning = checkExposure({ ...options, host });
  const server = new Server({
    ...(options.callerSilenceMs === undefined ? keepaliveOptions : keepaliveWithin(options.callerSilenceMs)),
    'grpc.max_receive_message_length': maxControlBytes,
    'grpc.max_send_message_length': options.services.Transfer ? maxChunkMessageBytes : options.services.Jobs ? maxListBytes : maxControlBytes,
    interceptors: [requireToken(options.token, options.tokenSource ?? defaultTokenSource)],
  });
  const health = addServices(server, options.services);
  const port = await bind(server, host, options.port, serverCredentials(options.tls));
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shutDown(server, health, options.closeLimitMs ?? 2000));
  return { address: hostAndPort(host, port), localAddress: hostAndPort(dialableHost(host), port), port, warning, close, [Symbol.asyncDispose]: close };
}

function addServices(server: Server, services: Partial<ServiceHandlers>): HealthImplementation {
  const health = new HealthImplementation({ '': 'SERVING' });
  for (const name of serviceNames) {
    const handlers = services[name];
    if (!handlers) continue;
    server.addService(serviceDefinition(name), handlers);
    health.setStatus(qualifiedName(name), 'SERVING');
  }
  health.addToServer(server);
  return health;
}

function bind(server: Server, host: string, port: number, credentials: ServerCredentials): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new LangevinError('invalid_argument', `port ${port} is not a port: choose a whole number from 0 (any free one) to 65535`);
  }
  return new Promise((resolve, reject) => {
    server.bindAsync(hostAndPort(host, port), credentials, (cause, bound) => {
      if (cause) reject(bindError(cause, host, port));
      else resolve(bound);
    });
  });
}

function bindError(cause: Error, host: string, port: number): LangevinError {
  if (cause.message.includes('EADDRINUSE')) {
    const remedy = 'stop the process that listens there, or choose another port with --port (0 takes any free one)';
    return new LangevinError('address_in_use', `port ${port} on ${host} is taken: ${remedy}`, { cause });
  }
  const remedy = 'is it an address of this machine, and is the port above 1023?';
  return new LangevinError('invalid_argument', `cannot listen on ${host}:${port}: ${remedy} (${cause.message})`, { cause });
}

async function shutDown(server: Server, health: HealthImplementation, limitMs: number): Promise<void> {
  for (const name of ['', ...serviceNames.map(qualifiedName)]) health.setStatus(name, 'NOT_SERVING');
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, limitMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
