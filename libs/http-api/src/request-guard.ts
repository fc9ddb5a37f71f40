import { isIP } from 'node:net';
import { LangevinError } from '@langevin/contracts';

/** What a request says of where it comes from and whom it means. */
export interface RequestOrigin {
  /** Whether it means the API. */
  readonly isApi: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` (W3C Fetch Metadata). */
  readonly fetchSite: string | undefined;
  /** Address of this end of the connection. */
  readonly localAddress: string | undefined;
}

/** What the server answers to. */
export interface ServerNames {
  readonly scheme: 'http' | 'https';
  /** Names besides `localhost` and the address that was dialled. */
  readonly names: readonly string[];
}

/**
 * Refuses what another page may have made a browser send. `Host` must be `localhost`, the address that was dialled or a name of
 * the server: a name that somebody else's DNS points here is none. A page of another origin may not call at all. The port may be
 * any, as it is behind a forwarded one.
 * @throws LangevinError `access_denied`
 */
export function guardRequest(request: RequestOrigin, server: ServerNames): void {
  const host = request.host === undefined ? undefined : parseAuthority(request.host);
  if (!host || !isOwn(host.hostname, request, server)) {
    throw new LangevinError('access_denied', `host ${JSON.stringify(request.host ?? '')} is no name of this coordinator: open it by its address, or by localhost`);
  }
  const { origin, fetchSite, isApi } = request;
  if (origin !== undefined && origin !== `${server.scheme}://${host.host}`) throw foreign(`origin ${JSON.stringify(origin)}`);
  // A link from elsewhere may open the dashboard: it comes without the cookie, which is SameSite=Strict.
  if (isApi && fetchSite !== undefined && !['same-origin', 'none'].includes(fetchSite)) throw foreign(`a ${fetchSite} request`);
}

function foreign(what: string): LangevinError {
  return new LangevinError('access_denied', `${what} may not call this coordinator: only its own dashboard may`);
}

function parseAuthority(authority: string): { readonly host: string; readonly hostname: string } | undefined {
  if (!/^[A-Za-z0-9.:[\]_-]+$/.test(authority)) return undefined;
  if (!URL.canParse(`http://${authority}`)) return undefined;
  const url = new URL(`http://${authority}`);
  return { host: authority.toLowerCase(), hostname: url.hostname.replace(/^\[(.*)\]$/, '$1') };
}

function isOwn(hostname: string, { localAddress = '' }: RequestOrigin, { names }: ServerNames): boolean {
  if (hostname === 'localhost' || names.includes(hostname)) return true;
  return isIP(hostname) !== 0 && hostname === localAddress.replace(/^::ffff:/, '');
}
