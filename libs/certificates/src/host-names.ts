import { isIP } from 'node:net';
import { LangevinError } from '@langevin/contracts';

/** Every certificate holds for these: a cluster's own commands dial it on its own machine. */
const ownMachine = ['localhost', '127.0.0.1', '::1'];

/** Host names of RFC 1123, §2.1. A wildcard would let one stolen key stand for hosts that nobody named. */
const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * The hosts that a certificate is to hold for: those given, in lower case, then this machine's own names; each once.
 * @throws LangevinError `invalid_argument` naming the first that is neither a host name nor an IP address
 */
export function certificateHosts(given: readonly string[]): string[] {
  const hosts = given.map((host) => host.toLowerCase());
  const odd = hosts.find((host) => isIP(host) === 0 && (!dnsName.test(host) || looksLikeAddress(host)));
  if (odd !== undefined) {
    throw new LangevinError('invalid_argument', `"${odd}" is neither a host name nor an IP address: give the name or address that others dial, without port and brackets`);
  }
  return [...new Set([...hosts, ...ownMachine])];
}

/** Four numbers that make no address, such as 10.0.0.300, are a slip and no name. */
function looksLikeAddress(host: string): boolean {
  return /^[\d.]+$/.test(host);
}
