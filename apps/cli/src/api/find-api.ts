import type { Command } from 'commander';
import { LangevinError } from '@langevin/contracts';
import { hostAndPort, hostOf, loadTls, type TlsIdentity } from '@langevin/rpc';
import { findCluster, type ClusterAddress } from '../cluster-connection.js';
import { withCluster, type ClusterCommandOptions } from '../common-options.js';

/** Options that `withApi` adds. */
export interface ApiOptions extends ClusterCommandOptions {
  /** Where the HTTP API is, where neither the data folder says so nor it lies beside the coordinator. */
  readonly httpUrl?: string;
}

/** Where an HTTP API is, and what opens it. */
export interface ApiAddress {
  /** `http://host:port`. */
  readonly url: string;
  readonly token: string;
  /** Whom an https server must be signed by; without it, it speaks in the clear. */
  readonly tls: TlsIdentity | undefined;
}

/** Adds what names the HTTP API of a coordinator. */
export function withApi(command: Command): Command {
  return withCluster(command).option('--http-url <url>', 'HTTP API of the coordinator (default: the one on the data folder; with --coordinator, the port after it)');
}

/**
 * The HTTP API of the coordinator that the options name.
 * @throws LangevinError as `findCluster`; `invalid_argument` for what is no address; for certificates that cannot be used, as `loadTls`
 */
export function findApi(options: ApiOptions): ApiAddress {
  const cluster = findCluster(options);
  const tls = cluster.tls === undefined ? undefined : loadTls(cluster.tls, new Date());
  return { url: options.httpUrl === undefined ? urlOf(cluster) : checkUrl(options.httpUrl), token: cluster.token, tls };
}

/** What it announced; of one that is not on this data folder, where `langevin up` puts it unless told otherwise. */
function urlOf({ http, address, tls }: ClusterAddress): string {
  const port = Number(/:(\d+)$/.exec(address)?.[1]);
  return http ?? `${tls === undefined ? 'http' : 'https'}://${hostAndPort(hostOf(address), port + 1)}`;
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === '') return url.origin;
  throw new LangevinError('invalid_argument', `--http-url ${text}: give http://host:port or https://host:port`);
}
