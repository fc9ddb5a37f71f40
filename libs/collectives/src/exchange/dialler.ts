import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { LangevinError } from '@langevin/contracts';
import type { TlsIdentity } from '@langevin/rpc';
import type { ExchangeMember, ExchangeTransport } from './exchange-member.js';
import { greet } from './greeting.js';
import type { Greeted, Identity } from './greeting.js';
import { Incoming } from './incoming.js';

/** How this process dials. */
export interface DialOptions {
  readonly identity: () => Identity;
  readonly transports: readonly ExchangeTransport[];
  readonly tls?: TlsIdentity | undefined;
  readonly greeted: (greeted: Greeted) => void;
  /** Makes a link over gRPC; it is adopted when the peer has answered. Returns how to give it up. */
  readonly dialGrpc: (member: ExchangeMember, address: string, failed: (error: LangevinError) => void) => () => void;
}

/** How long a connection may take to be made. */
const connectMs = 1000;

type Step = (failed: (error: LangevinError) => void) => () => void;

/** Makes connections to members, over the best transport that reaches them. */
export class Dialler {
  readonly #options: DialOptions;

  constructor(options: DialOptions) {
    this.#options = options;
  }

  /** Tries one transport after the other; `failed` is called when none has reached the member. Returns how to give up. */
  dial(member: ExchangeMember, failed: (error: LangevinError) => void): () => void {
    const steps = this.#stepsTo(member);
    let cancel = (): void => undefined;
    const attempt = ([step, ...rest]: readonly Step[]): void => {
      if (step) cancel = step((error) => (rest.length > 0 ? attempt(rest) : failed(error)));
    };
    attempt(steps);
    return () => cancel();
  }

  #stepsTo(member: ExchangeMember): Step[] {
    const { transports, tls, dialGrpc } = this.#options;
    const steps: Step[] = [];
    for (const transport of transports) {
      const address = member[transport];
      if (address === null) continue;
      if (transport === 'shm') steps.push((failed) => this.#dialSocket((into) => connect({ path: address, onread: readInto(into) }), 'connect', failed));
      else if (transport === 'grpc') steps.push((failed) => dialGrpc(member, address, failed));
      else steps.push((failed) => this.#dialSocket((into) => connectTcp(address, tls, into), tls ? 'secureConnect' : 'connect', failed));
    }
    if (steps.length > 0) return steps;
    // It may be about to call.
    return [(failed) => cancelTimer(setTimeout(() => failed(new LangevinError('unavailable', `${member.name} cannot be dialled over ${transports.join(', ')}`)), connectMs))];
  }

  #dialSocket(open: (into: Incoming) => Duplex, connected: string, failed: (error: LangevinError) => void): () => void {
    const incoming = new Incoming();
    const socket = open(incoming);
    let giveUp = (): void => {
      clearTimeout(timer);
      socket.destroy();
    };
    const fail = (error: Error): void => {
      giveUp();
      socket.removeAllListeners();
      socket.on('error', ignore);
      failed(new LangevinError('unavailable', error.message, { cause: error }));
    };
    const timer = setTimeout(() => fail(new Error(`no connection within ${connectMs} ms`)), connectMs);
    socket.once('error', fail);
    socket.once(connected, () => {
      clearTimeout(timer);
      socket.removeListener('error', fail);
      giveUp = greet({ socket, incoming, dialled: true }, this.#options.identity, this.#options.greeted, failed);
    });
    return () => giveUp();
  }
}

/** Bytes are read straight to where they belong: nothing is copied and nothing is left to collect. */
function readInto(incoming: Incoming): { readonly buffer: () => Uint8Array; readonly callback: (count: number, buffer: Uint8Array) => boolean } {
  const callback = (count: number, buffer: Uint8Array): boolean => {
    incoming.filled(count, buffer);
    return true;
  };
  return { buffer: () => incoming.room(), callback };
}

function connectTcp(address: string, tls: TlsIdentity | undefined, incoming: Incoming): Duplex {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, colon).replace(/^\[|\]$/g, ''), Number(address.slice(colon + 1))];
  if (!tls) return connect({ host, port, noDelay: true, onread: readInto(incoming) });
  const { ca, certificate: cert, key } = tls;
  // Node's documentation has onread for TLS, its types have not.
  const options: ConnectionOptions & { onread: ReturnType<typeof readInto> } = {
    ...{ host, port, ca, cert, key, servername: '', onread: readInto(incoming) },
    checkServerIdentity: (_name, peer) => checkServerIdentity(host, peer),
  };
  return connectTls(options);
}

function cancelTimer(timer: NodeJS.Timeout): () => void {
  return () => clearTimeout(timer);
}

function ignore(): void {
  // The connection was given up: how it ends changes nothing.
}
