import { BlockList, isIP } from 'node:net';
import { LangevinError } from '@langevin/contracts';
import type { TlsIdentity } from './tls-identity.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Where a server is to listen, and how it is secured. */
export interface Exposure {
  readonly host: string;
  readonly tls?: TlsIdentity | undefined;
  /** Whether someone has said that listening beyond this machine without encryption is wanted. @default false */
  readonly insecure?: boolean | undefined;
}

/** Whether nobody outside this machine can reach the host: a loopback address, or `localhost` (RFC 6761, §6.3). */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Refuses to let other machines in without encryption unless that is wanted.
 * @returns a warning to show when it is; else null
 * @throws LangevinError `invalid_argument`
 */
export function checkExposure({ host, tls, insecure }: Exposure): string | null {
  if (tls || isLoopback(host)) return null;
  if (insecure) return `listening on ${host} without encryption: whoever can read this network can read the token and the data, and give orders`;
  throw new LangevinError(
    'invalid_argument',
    `listening on ${host} would let other machines in without encryption: make certificates with \`langevin certs --host ${exampleHost(host)}\` and name them with --tls, or say --insecure`,
  );
}

/** An address that stands for all of a machine's own is none to make a certificate for. */
function exampleHost(host: string): string {
  return isWildcard(host) ? 'NAME' : host;
}

/** Whether the address stands for all addresses of this machine: one listens on it, and cannot dial it. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The host at which this machine dials a server that listens on `host`. */
export function dialableHost(host: string): string {
  if (!isWildcard(host)) return host;
  return host === '::' ? '::1' : '127.0.0.1';
}
