import { isIPv6 } from 'node:net';

/** The host at which this machine dials a server that listens on `host`, as it stands before a port. */
export function dialableHost(host: string): string {
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return isIPv6(own) ? `[${own}]` : own;
}
