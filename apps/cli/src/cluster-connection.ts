import { existsSync, readFileSync } from 'node:fs';
import { LangevinError } from '@langevin/contracts';
import { DataFolder, type CoordinatorAddress } from '@langevin/registry';
import { connect, loadTls, type RpcClient } from '@langevin/rpc';

/** How a command finds its coordinator. */
export interface ClusterOptions {
  readonly dataDir: string;
  /** host:port; without it the coordinator that runs on the data folder. */
  readonly coordinator?: string;
  /** File with the token; without it the data folder's. */
  readonly tokenFile?: string;
  /** Folder with the certificates of a coordinator that speaks TLS; without it, those of the coordinator on the data folder. */
  readonly tls?: string;
}

/** Where a coordinator is, and the token that opens it. */
export interface ClusterAddress {
  readonly address: string;
  readonly tokenFile: string;
  readonly token: string;
  /** Folder with the certificates; without it the coordinator speaks in the clear. */
  readonly tls: string | undefined;
  /** Where its HTTP API is, as far as the data folder says so. */
  readonly http: string | undefined;
}

/**
 * The coordinator that the options name.
 * @throws LangevinError `unavailable` when none runs on the data folder, `invalid_argument` without a token
 */
export function findCluster(options: ClusterOptions): ClusterAddress {
  const tokenFile = options.tokenFile ?? `${options.dataDir}/token`;
  const { address, tls, http }: Omit<CoordinatorAddress, 'pid' | 'started'> = options.coordinator === undefined ? coordinatorOn(options.dataDir) : { address: options.coordinator };
  if (!existsSync(tokenFile)) {
    throw new LangevinError('invalid_argument', `no token in ${tokenFile}: copy the token file of the coordinator's data folder and name it with --token-file`);
  }
  return { address, tokenFile, token: readFileSync(tokenFile, 'utf8').trim(), tls: options.tls ?? tls, http };
}

/** A client of the cluster's Jobs service. @throws LangevinError as `findCluster`; for certificates that cannot be used, as `loadTls` */
export function connectJobs(options: ClusterOptions): RpcClient<'Jobs'> {
  const { address, token, tls } = findCluster(options);
  return connect(address, token, 'Jobs', { tls: tls === undefined ? undefined : loadTls(tls, new Date()) });
}

function coordinatorOn(dataDir: string): CoordinatorAddress {
  const running = existsSync(dataDir) ? new DataFolder(dataDir).coordinator() : null;
  if (running) return running;
  throw new LangevinError(
    'unavailable',
    `no coordinator runs on ${dataDir}: start one with \`langevin up --data-dir ${dataDir}\`, or name another with --coordinator`,
  );
}
