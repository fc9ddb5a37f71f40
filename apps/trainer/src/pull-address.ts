import { isIPv6 } from 'node:net';
import { LangevinError } from '@langevin/contracts';
import type { ExchangeEndpoints } from '@langevin/collectives';
import { hostAndPort, hostOf, isWildcard } from '@langevin/rpc';
import type { ListenOptions } from './trainer-options.js';

/** `host`, `host:port`, `[address]` or `[address]:port`. */
const advertised = /^(?:\[(?<address>[^\]]+)\]|(?<name>[^\s:[\]]+))(?::(?<port>\d{1,5}))?$/;

/**
 * The address, host:port, at which the coordinator pulls from a trainer.
 * @param port the port that it listens on
 * @throws LangevinError `invalid_argument` for an address that nobody could dial
 */
export function pullAddress({ host, advertise }: Pick<ListenOptions, 'host' | 'advertise'>, port: number): string {
  if (advertise === undefined) {
    if (!isWildcard(host)) return hostAndPort(host, port);
    throw new LangevinError('invalid_argument', `${host} stands for all addresses of this machine: name the one that the coordinator dials with --advertise HOST`);
  }
  const parts = advertised.exec(advertise)?.groups;
  const name = isIPv6(advertise) ? advertise : (parts?.['address'] ?? parts?.['name']);
  const dialled = Number(parts?.['port'] ?? port);
  if (name === undefined || isWildcard(name) || dialled < 1 || dialled > 65_535) {
    throw new LangevinError('invalid_argument', `--advertise ${JSON.stringify(advertise)} is no address to dial: give HOST or HOST:PORT as the coordinator's machine reaches this one`);
  }
  return hostAndPort(name, dialled);
}

/**
 * Where the exchange of a trainer is dialled: at the host at which it is pulled from, whatever it listens on.
 * @param own host:port that is dialled for its own port instead, if that is another: for TCP, or for gRPC where that is all there is
 */
export function dialledAt(pulledAt: string, endpoints: ExchangeEndpoints, own?: string): ExchangeEndpoints {
  const at = (bound: string | null): string | null => bound && hostAndPort(hostOf(pulledAt), Number(bound.slice(bound.lastIndexOf(':') + 1)));
  const { shm, tcp, grpc } = endpoints;
  return { shm, tcp: tcp && (own ?? at(tcp)), grpc: grpc && ((tcp === null ? own : undefined) ?? at(grpc)) };
}
