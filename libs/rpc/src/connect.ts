import { Client } from '@grpc/grpc-js';
import type {
  CallOptions as GrpcCallOptions,
  ChannelOptions,
  ClientDuplexStream,
  ClientReadableStream,
  ClientUnaryCall,
  MethodDefinition,
} from '@grpc/grpc-js';
import { LangevinError } from '@langevin/contracts';
import { silenceGrpcLog } from './grpc-log.js';
import { keepaliveOptions } from './keepalive.js';
import { maxChunkMessageBytes, maxControlBytes, maxListBytes } from './message-limits.js';
import { serviceDefinition } from './services.js';
import type { ServiceClients, ServiceName } from './services.js';
import { fromServiceError } from './status.js';
import type { Peer } from './status.js';
import { channelSecurity } from './tls/tls-credentials.js';
import type { TlsIdentity } from './tls/tls-identity.js';
import { bearer, checkToken } from './token.js';
import { waitUntilReady } from './wait-until-ready.js';

/** How to reach a peer. */
export interface ConnectOptions {
  /** What the peer is, for messages. @default 'coordinator' */
  readonly peerName?: string;
  /** What this end proves itself with, and whom it believes. @default nothing is encrypted: right on one machine alone */
  readonly tls?: TlsIdentity | undefined;
  /**
   * Bytes the peer may send ahead of what was read here (HTTP/2 window of the stream and of the connection). The default
   * of 64 KiB holds bulk data to a quarter of its speed. @default what Node takes
   */
  readonly windowBytes?: number;
}

/** Limits of one unary call. */
export interface UnaryOptions {
  /** The call fails with `unavailable` after this long. @default 10000 */
  readonly timeoutMs?: number;
  /** Aborting it cancels the call. */
  readonly signal?: AbortSignal;
}

/** Limits of one streaming call: it has no deadline, because it may live as long as its process. */
export interface StreamOptions {
  /** Aborting it cancels the call. */
  readonly signal?: AbortSignal;
}

/** One method of a client: unary calls are promises, streams are grpc-js streams (read them with `receive`). */
export type RpcMethod<Method> = Method extends (...args: infer Arguments) => infer Call
  ? Call extends ClientDuplexStream<infer Request, infer Reply>
    ? (options?: StreamOptions) => ClientDuplexStream<Request, Reply>
    : Call extends ClientReadableStream<infer Reply>
      ? (request: Arguments[0], options?: StreamOptions) => ClientReadableStream<Reply>
      : Call extends ClientUnaryCall
        ? Arguments extends [infer Request, (error: never, value?: infer Reply) => void]
          ? (request: Request, options?: UnaryOptions) => Promise<NonNullable<Reply>>
          : never
        : never
  : never;

/** The methods of a service, in camel case. */
export type RpcMethods<Service extends ServiceName> = {
  readonly [Name in Extract<Exclude<keyof ServiceClients[Service], keyof Client>, Uncapitalize<string>>]: RpcMethod<
    ServiceClients[Service][Name]
  >;
};

/** The connection under a client. */
export interface RpcChannel extends Disposable {
  readonly peer: Peer;
  /** Resolves when connected; fails with `unavailable` after timeoutMs, with `unauthenticated` as soon as a certificate is refused. */
  ready(timeoutMs: number): Promise<void>;
  /** Closes the connection once its running calls have ended. */
  close(): void;
}

/** A typed client of one service at one peer. It connects at its first call and again whenever it must. */
export type RpcClient<Service extends ServiceName> = RpcMethods<Service> & RpcChannel;

const defaultTimeoutMs = 10_000;

/** A client of the service at the address (host:port); every call carries the token. Nothing is dialled yet. */
export function connect<Service extends ServiceName>(
  address: string,
  token: string,
  service: Service,
  options: ConnectOptions = {},
): RpcClient<Service> {
  checkToken(token);
  silenceGrpcLog();
  const peer: Peer = { name: options.peerName ?? 'coordinator', address, certificates: options.tls?.folder };
  const security = channelSecurity(address, options.tls);
  const client = new Client(address, security.credentials, { ...channelOptions(service, options), ...security.options });
  const call = { client, token, peer };
  const methods = Object.entries(serviceDefinition(service)).map(([name, method]) => [uncapitalize(name), bindMethod(call, method)]);
  const channel: RpcChannel = {
    peer,
    ready: (timeoutMs) => waitUntilReady(client, peer, timeoutMs),
    close: () => client.close(),
    [Symbol.dispose]: () => client.close(),
  };
  // The methods come from the proto files at run time; their types were generated from the same files.
  return { ...Object.fromEntries(methods), ...channel } as RpcClient<Service>;
}

function channelOptions(service: ServiceName, { windowBytes }: ConnectOptions): ChannelOptions {
  return {
    ...keepaliveOptions,
    'grpc.max_send_message_length': maxControlBytes,
    'grpc.max_receive_message_length': service === 'Transfer' ? maxChunkMessageBytes : service === 'Jobs' ? maxListBytes : maxControlBytes,
    // A peer that comes back is wanted at once; the default waits for up to two minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1000,
    // Clusters talk directly: a proxy for the web, set in the environment, would refuse or slow them.
    'grpc.enable_http_proxy': 0,
    // A channel of its own: closing one client must not depend on another's calls.
    'grpc.use_local_subchannel_pool': 1,
    ...(windowBytes === undefined ? {} : { 'grpc-node.flow_control_window': windowBytes }),
  };
}

interface Caller {
  readonly client: Client;
  readonly token: string;
  readonly peer: Peer;
}

type AnyMethod = MethodDefinition<unknown, unknown>;

function bindMethod(caller: Caller, method: AnyMethod) {
  const { client, token } = caller;
  const { path, requestSerialize: write, responseDeserialize: read } = method;
  if (method.requestStream && method.responseStream) {
    return ({ signal }: StreamOptions = {}) =>
      cancelledBy(signal, client.makeBidiStreamRequest(path, write, read, bearer(token), {}));
  }
  if (method.responseStream) {
    return (request: unknown, { signal }: StreamOptions = {}) =>
      cancelledBy(signal, client.makeServerStreamRequest(path, write, read, request, bearer(token), {}));
  }
  if (method.requestStream) throw new LangevinError('internal', `${path}: client streaming is not supported`);
  return (request: unknown, options: UnaryOptions = {}) => callUnary(caller, method, request, options);
}

function callUnary({ client, token, peer }: Caller, method: AnyMethod, request: unknown, options: UnaryOptions): Promise<unknown> {
  const deadline: GrpcCallOptions = { deadline: Date.now() + (options.timeoutMs ?? defaultTimeoutMs) };
  return new Promise((resolve, reject) => {
    const { path, requestSerialize: write, responseDeserialize: read } = method;
    const call = client.makeUnaryRequest(path, write, read, request, bearer(token), deadline, (error, reply) => {
      if (error) reject(fromServiceError(error, peer));
      else resolve(reply);
    });
    cancelledBy(options.signal, call);
  });
}

/** Ties a call to a signal and forgets the signal when the call has its status. */
function cancelledBy<Call extends { cancel(): void; once(event: 'status', listener: () => void): unknown }>(
  signal: AbortSignal | undefined,
  call: Call,
): Call {
  if (!signal) return call;
  const cancel = () => call.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  call.once('status', () => signal.removeEventListener('abort', cancel));
  return call;
}

function uncapitalize(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
