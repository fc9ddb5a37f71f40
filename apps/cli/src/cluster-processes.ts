import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { keepService, startService, type KeptService, type RunningService } from '@langevin/processes';
import { DataFolder } from '@langevin/registry';
import { devicesFor, runtimeEnvironment, type ComputeDevice } from '@langevin/tf-runtime/process';

const moduleOf = createRequire(import.meta.url).resolve;

/** Where a trainer listens, and how it is dialled. */
export interface TrainerListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Port of the exchange of gradients; 0 takes any free one. @default 0 */
  readonly exchangePort?: number;
  /** HOST or HOST:PORT at which the coordinator dials it; without it, where it listens. */
  readonly advertise?: string | undefined;
  /** Allows a host beyond this machine without TLS. */
  readonly insecure?: boolean;
}

/** What a trainer process needs to know. */
export interface TrainerProcessOptions {
  readonly coordinator: string;
  readonly tokenFile: string;
  readonly name: string;
  readonly cache: string;
  /** Folder of the certificates, when the cluster speaks TLS. */
  readonly tls: string | undefined;
  /** Where the coordinator pulls from it. @default any free port of 127.0.0.1 */
  readonly listen?: TrainerListenOptions;
  /** Threads that compute at the same time; no bit depends on them. */
  readonly threads: number;
  /** The GPU that it computes on; null hides all. @default as this process */
  readonly device?: ComputeDevice | undefined;
  /** File for its output; `inherit` shows it here. */
  readonly output: string | 'inherit';
}

/** It ends its sampler, seals its curves and gives the store a last chance before it goes. */
const coordinatorGoodbyeMs = 15_000;
/** It computes its part of the running step, and gives its work away. */
const trainerGoodbyeMs = 22_000;

/** Starts a coordinator on a data folder; its `facts.address` and `facts.url` say where. */
function startCoordinatorProcess(folder: DataFolder, options: LocalClusterOptions, samplerDevice: ComputeDevice | undefined, output: string): Promise<RunningService> {
  const { port, exchangePort = 0, store, host, tls, insecure, takeover } = options;
  return startService({
    name: 'coordinator',
    module: moduleOf('@langevin/coordinator/main'),
    args: ['--data-dir', folder.path, '--port', String(port), '--exchange-port', String(exchangePort), ...option('store', store), ...option('host', host), ...option('tls', tls), ...(insecure ? ['--insecure'] : []), ...(takeover ? ['--takeover'] : []), ...httpArgs(options, samplerDevice)],
    output,
    stopLimitMs: coordinatorGoodbyeMs,
  });
}

/** What the coordinator serves besides gRPC, and with what it draws: it has no tensor runtime of its own. */
function httpArgs({ port, httpPort = port === 0 ? 0 : port + 1, samples = true }: LocalClusterOptions, device: ComputeDevice | undefined): string[] {
  const env = Object.entries(runtimeEnvironment({ threads: 1, device })).flatMap(([name, value]) => ['--sampler-env', `${name}=${value}`]);
  const dashboard = join(dirname(moduleOf('@langevin/dashboard/package.json')), 'dist', 'app');
  return ['--http-port', String(httpPort), '--dashboard', dashboard, '--sampler', moduleOf('@langevin/sampler/main'), ...env, '--samples', samples ? 'on' : 'off'];
}

/** Starts a trainer, in the environment in which TensorFlow is fast. */
function startTrainerProcess(options: TrainerProcessOptions): Promise<RunningService> {
  const { coordinator, tokenFile, name, cache, tls, listen, threads, device, output } = options;
  return startService({
    name: `trainer ${name}`,
    module: moduleOf('@langevin/trainer/main'),
    args: ['--coordinator', coordinator, '--token-file', tokenFile, '--name', name, '--cache', cache, ...option('tls', tls), ...listenArgs(listen)],
    env: runtimeEnvironment({ threads, device }),
    output,
    stopLimitMs: trainerGoodbyeMs,
  });
}

/** Trainers of one command. Disposing it stops them all. */
export interface RunningTrainers extends AsyncDisposable {
  readonly services: readonly KeptService[];
}

/** A process that was refused, or told to go, would be so again; one that was killed was not. */
function isFinal({ code }: LangevinError): boolean {
  return code !== 'internal';
}

/** A trainer that is started anew when it dies. */
function keepTrainer(options: TrainerProcessOptions, onRestart: (line: string) => void): Promise<KeptService> {
  return keepService({ start: () => startTrainerProcess(options), isFinal, onRestart: ({ message }) => onRestart(`${message}; it is started anew`) });
}

/**
 * Starts trainers, all at once; one that dies is started anew.
 * @param onRestart told of it
 * @throws LangevinError that one of them reported; those that had started are stopped
 */
export async function startTrainerProcesses(all: readonly TrainerProcessOptions[], onRestart: (line: string) => void): Promise<RunningTrainers> {
  const starts = await Promise.allSettled(all.map((options) => keepTrainer(options, onRestart)));
  const services = starts.filter((start) => start.status === 'fulfilled').map((start) => start.value);
  const stop = async (): Promise<void> => void (await Promise.all(services.map((trainer) => trainer.stop())));
  const failed = starts.find((start) => start.status === 'rejected');
  if (!failed) return { services, [Symbol.asyncDispose]: stop };
  await stop();
  throw failed.reason;
}

function listenArgs(listen: TrainerListenOptions | undefined): string[] {
  if (!listen) return [];
  const { host, port, exchangePort = 0, advertise, insecure } = listen;
  return ['--host', host, '--port', String(port), '--exchange-port', String(exchangePort), ...option('advertise', advertise), ...(insecure ? ['--insecure'] : [])];
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`--${name}`, value];
}

/** What a cluster on this machine consists of. */
export interface LocalClusterOptions {
  readonly dataDir: string;
  /** Location of the store. @default that of the data folder */
  readonly store?: string;
  /** Port of the coordinator; 0 takes any free one. */
  readonly port: number;
  /** Port of the HTTP API and the dashboard; 0 takes any free one. @default the one after `port` */
  readonly httpPort?: number;
  /** Port on which the coordinator takes gradients of trainers that cannot reach each other; 0 takes any free one. @default 0 */
  readonly exchangePort?: number;
  /** Whether samples of every checkpoint are drawn. @default true */
  readonly samples?: boolean;
  readonly trainers: number;
  /** The GPUs that the trainers take in turn. @default those that can be used, if any */
  readonly devices?: readonly ComputeDevice[];
  /** Threads of each trainer. */
  readonly threads: number;
  /** Address on which the coordinator listens; its trainers stay on this machine. @default '127.0.0.1' */
  readonly host?: string;
  /** Folder of the certificates; without it nothing is encrypted. */
  readonly tls?: string;
  /** Allows a host beyond this machine without TLS. @default false */
  readonly insecure?: boolean;
  /** Takes the place of a coordinator of the same store that does not answer any more. @default false */
  readonly takeover?: boolean;
  /** Told that a process has died and is started anew. @default nobody */
  readonly onRestart?: (line: string) => void;
}

/** A coordinator that listens. */
export interface LocalCoordinator {
  readonly address: string;
  /** Where a browser opens the dashboard: it holds the token. */
  readonly dashboard: string;
  readonly folder: DataFolder;
}

/** A coordinator and its trainers, as processes of this machine. */
export interface LocalCluster extends LocalCoordinator, AsyncDisposable {
  /** Rejects as soon as one of the processes ends without being asked to. */
  readonly failure: Promise<never>;
}

/**
 * Starts a coordinator and trainers on a data folder. Disposing it stops them all, trainers first.
 * @param listening - hears of the coordinator before there are trainers
 * @throws LangevinError that one of them reported; those that had started are stopped
 */
export async function startLocalCluster(options: LocalClusterOptions, listening?: (coordinator: LocalCoordinator) => void): Promise<LocalCluster> {
  const { dataDir, trainers, threads, tls } = options;
  const folder = new DataFolder(dataDir);
  const logs = join(folder.path, 'logs');
  makeFolder(logs);
  const devices = options.devices ?? (await devicesFor('auto'));
  const { onRestart = () => undefined } = options;
  const coordinator = await keepService({
    // Where it was before: trainers and people look for it there.
    start: (last) => startCoordinatorProcess(folder, last ? { ...options, ...portsOf(last), takeover: false } : options, devices[0], join(logs, 'coordinator.log')),
    isFinal,
    onRestart: ({ message }) => onRestart(`${message}; it is started anew and goes on`),
  });
  const address = coordinator.facts.address ?? '';
  const dashboard = `${coordinator.facts.url ?? ''}/?token=${folder.token()}`;
  listening?.({ address, dashboard, folder });
  const shared = { coordinator: address, tokenFile: join(folder.path, 'token'), cache: folder.cache, tls, threads };
  const planned = Array.from({ length: trainers }, (_, index) => {
    const name = `trainer-${index + 1}`;
    return { ...shared, name, device: devices[index % devices.length], output: join(logs, `${name}.log`) };
  });
  const started = await startTrainerProcesses(planned, onRestart).catch(async (error: unknown) => {
    await coordinator.stop();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await started[Symbol.asyncDispose]();
    await coordinator.stop();
  };
  return { address, dashboard, folder, failure: firstFailure(coordinator, started.services), [Symbol.asyncDispose]: stop };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new LangevinError('storage_failed', `cannot make ${path} (${LangevinError.from(cause).message}): choose another folder with --data-dir`, { cause });
  }
}

/** The ports at which a coordinator was reached. */
function portsOf({ address = '', url = '' }: Readonly<Record<string, string>>): Pick<LocalClusterOptions, 'port' | 'httpPort'> {
  const portOf = (text: string): number => Number(text.slice(text.lastIndexOf(':') + 1));
  return { port: portOf(address), ...(url !== '' && { httpPort: portOf(url) }) };
}

/** The first end for good that nobody asked for. A trainer that ends in peace was drained: the others go on. */
function firstFailure(coordinator: KeptService, trainers: readonly KeptService[]): Promise<never> {
  const failed = ({ ended }: KeptService): Promise<LangevinError> => new Promise((resolve) => void ended.then((error) => error && resolve(error)));
  const failure = Promise.race([coordinator.ended, ...trainers.map(failed)]).then((error) => {
    throw error ?? new LangevinError('cancelled', 'the cluster was stopped');
  });
  failure.catch(() => {
    // Whoever cares awaits it; a cluster that is stopped ends all its processes.
  });
  return failure;
}
