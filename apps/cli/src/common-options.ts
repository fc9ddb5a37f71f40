import { availableParallelism } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import type { ClusterOptions } from './cluster-connection.js';

/** Options of every command. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** The folder that commands use unless told otherwise. */
export const defaultDataDir = '.langevin';

/** Adds --data-dir and --json. */
export function withDataDir(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'folder of the cluster: store, token, caches', defaultDataDir)
    .option('--json', 'print one JSON value instead of text');
}

/** Adds what names a coordinator. */
export function withCluster(command: Command): Command {
  return withDataDir(command)
    .option('--coordinator <host:port>', 'coordinator to talk to (default: the one that runs on the data folder)')
    .option('--token-file <file>', 'file with the cluster token (default: the data folder\'s)')
    .option('--tls <folder>', 'certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)');
}

/** Options that `withCluster` adds. */
export type ClusterCommandOptions = CommonOptions & ClusterOptions;

/** What `--devices` takes, for commander: `all`, `none`, or numbers of GPUs, each once. */
export function deviceList(text: string): 'all' | 'none' | readonly number[] {
  if (text === 'all' || text === 'none') return text;
  const devices = text.split(',');
  if (devices.every((device) => /^\d{1,4}$/.test(device)) && new Set(devices.map(Number)).size === devices.length) return devices.map(Number);
  throw new InvalidArgumentError('expected all, none, or numbers of GPUs such as 0,1.');
}

/** A whole number from `least` on, for commander. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ' on'}.`);
  };
}

/** A number of at least `least`, for commander. */
export function decimal(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a number from ${least} on.`);
  };
}

/** Threads of each of so many trainers of this machine: all its cores, one each at least. No bit depends on them. */
export function threadsFor(trainers: number): number {
  return Math.max(1, Math.floor(availableParallelism() / Math.max(1, trainers)));
}
