import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { LangevinError } from '@langevin/contracts';
import type { TlsIdentity } from '@langevin/rpc';
import { greet } from './greeting.js';
import type { Greeted, Identity } from './greeting.js';
import { Incoming } from './incoming.js';

/** Connections that have not said yet who they are. */
const maxStrangers = 256;

/** How long TLS may take to make a connection secure. */
const handshakeMs = 5000;

/** Accepts connections of peers. */
export class Listener implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a Unix socket, or on host and port, with TLS when there is an identity. Throws `address_in_use`. */
  static async start(at: { readonly path: string } | { readonly host: string; readonly port: number }, tls: TlsIdentity | undefined, identity: () => Identity, greeted: (greeted: Greeted) => void): Promise<Listener> {
    let strangers = 0;
    const accept = (socket: Socket): void => {
      listener.#sockets.add(socket);
      socket.once('close', () => listener.#sockets.delete(socket));
      if (strangers >= maxStrangers) return void socket.destroy();
      strangers++;
      const known = (): void => void strangers--;
      const incoming = new Incoming();
      socket.on('data', (chunk: Buffer) => incoming.read(chunk));
      greet({ socket, incoming, dialled: false }, identity, (peer) => (known(), greeted(peer)), known);
    };
    const server = tls
      ? createTlsServer({ ca: tls.ca, cert: tls.certificate, key: tls.key, requestCert: true, rejectUnauthorized: true, handshakeTimeout: handshakeMs }, accept)
      : createServer({ noDelay: true }, accept);
    server.on('tlsClientError', ignore);
    const listener = new Listener(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => reject(refusal(at, cause)));
      server.listen(at, resolve);
    });
    return listener;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

function refusal(at: { readonly path: string } | { readonly host: string; readonly port: number }, cause: NodeJS.ErrnoException): LangevinError {
  if ('path' in at) return new LangevinError('address_in_use', `the exchange cannot listen on ${at.path}: ${cause.message}`, { cause });
  const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${cause.message})`;
  return new LangevinError('address_in_use', `port ${at.port} of ${at.host} ${why}: choose another one with --exchange-port`, { cause });
}

function ignore(): void {
  // Nobody listens yet, or TLS has turned somebody away who has no certificate of this cluster.
}
