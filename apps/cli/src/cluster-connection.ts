import { existsSync, readFileSync } from 'node:fs';
import { LangevinError } from '@langevin/contracts';
import { DataFolder } from '@langevin/registry';
import { connect, type RpcClient } from '@langevin/rpc';

/** How a command finds its coordinator. */
export interface ClusterOptions {
  readonly dataDir: string;
  /** host:port; without it the coordinator that runs on the data folder. */
  readonly coordinator?: string;
  /** File with the token; without it the data folder's. */
  readonly tokenFile?: string;
}

/** Where a coordinator is, and the token that opens it. */
export interface ClusterAddress {
  readonly address: string;
  readonly tokenFile: string;
  readonly token: string;
}

/**
 * The coordinator that the options name.
 * @throws LangevinError `unavailable` when none runs on the data folder, `invalid_argument` without a token
 */
export function findCluster(options: ClusterOptions): ClusterAddress {
  const tokenFile = options.tokenFile ?? `${options.dataDir}/token`;
  const address = options.coordinator ?? coordinatorOn(options.dataDir);
  if (!existsSync(tokenFile)) {
    throw new LangevinError('invalid_argument', `no token in ${tokenFile}: copy the token file of the coordinator's data folder and name it with --token-file`);
  }
  return { address, tokenFile, token: readFileSync(tokenFile, 'utf8').trim() };
}

/** A client of the cluster's Jobs service. */
export function connectJobs(options: ClusterOptions): RpcClient<'Jobs'> {
  const { address, token } = findCluster(options);
  return connect(address, token, 'Jobs');
}

function coordinatorOn(dataDir: string): string {
  const running = existsSync(dataDir) ? new DataFolder(dataDir).coordinator() : null;
  if (running) return running.address;
  throw new LangevinError(
    'unavailable',
    `no coordinator runs on ${dataDir}: start one with \`langevin up --data-dir ${dataDir}\`, or name another with --coordinator`,
  );
}
