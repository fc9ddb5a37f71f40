import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import { LangevinError } from '@langevin/contracts';
import type { TlsIdentity } from '@langevin/rpc';
import type { ExchangeMember, ExchangeTransport } from './exchange-member.js';
import { greet } from './greeting.js';
import type { Greeted, Identity } from './greeting.js';

/** How this process dials. */
export interface DialOptions {
  readonly identity: () => Identity;
  readonly transports: readonly ExchangeTransport[];
  readonly tls?: TlsIdentity | undefined;
  /** Whether others can dial this process. */
  readonly isDialable: () => boolean;
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

  /**
   * Whether this side dials at once: of two that can reach each other, the one with the lesser id does; over gRPC, which
   * serves one side alone, both.
   */
  dialsFirst(member: ExchangeMember): boolean {
    const { transports, isDialable, identity } = this.#options;
    const socket = (transports.includes('shm') && member.shm) || (transports.includes('tcp') && member.tcp);
    if (!socket) return member.grpc !== null && transports.includes('grpc');
    return !isDialable() || identity().self.id < member.id;
  }

  /** Tries one transport after the other; `failed` is called when none has reached the member. Returns how to give up. */
  dial(member: ExchangeMember, failed: (error: LangevinError) => void): () => void {
    const steps = this.#stepsTo(member);
    let cancel = (): void => undefined;
    const attempt = (index: number, last: LangevinError): void => {
      const step = steps[index];
      if (step) cancel = step((error) => attempt(index + 1, error));
      else failed(last);
    };
    attempt(0, new LangevinError('unavailable', `${member.name} can be reached over none of ${this.#options.transports.join(', ')}`));
    return () => cancel();
  }

  #stepsTo(member: ExchangeMember): Step[] {
    const { transports, tls, dialGrpc } = this.#options;
    const steps: Step[] = [];
    for (const transport of transports) {
      const address = member[transport];
      if (address === null) continue;
      if (transport === 'shm') steps.push((failed) => this.#dialSocket(() => connect(address), 'connect', failed));
      else if (transport === 'grpc') steps.push((failed) => dialGrpc(member, address, failed));
      else steps.push((failed) => this.#dialSocket(() => connectTcp(address, tls), tls ? 'secureConnect' : 'connect', failed));
    }
    // Not within the caller's own call: who dials has to know how to give up first.
    return steps.length > 0 ? steps : [(failed) => cancelTimer(setTimeout(() => failed(new LangevinError('unavailable', `${member.name} cannot be dialled`)), 0))];
  }

  #dialSocket(open: () => Duplex, connected: string, failed: (error: LangevinError) => void): () => void {
    const socket = open();
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
      giveUp = greet(socket, this.#options.identity, true, this.#options.greeted, failed);
    });
    return () => giveUp();
  }
}

function connectTcp(address: string, tls: TlsIdentity | undefined): Duplex {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, colon).replace(/^\[|\]$/g, ''), Number(address.slice(colon + 1))];
  if (!tls) return connect({ host, port, noDelay: true });
  const { ca, certificate: cert, key } = tls;
  return connectTls({ host, port, ca, cert, key, servername: '', checkServerIdentity: (_name, peer) => checkServerIdentity(host, peer) });
}

function cancelTimer(timer: NodeJS.Timeout): () => void {
  return () => clearTimeout(timer);
}

function ignore(): void {
  // The connection was given up: how it ends changes nothing.
}
