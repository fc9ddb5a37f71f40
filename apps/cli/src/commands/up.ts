import { InvalidArgumentError, type Command } from 'commander';
import { untilAborted } from '@langevin/processes';
import { checkExposure, loadTls } from '@langevin/rpc';
import { devicesFor, type DeviceRequest } from '@langevin/tf-runtime/process';
import { startLocalCluster, type LocalClusterOptions } from '../cluster-processes.js';
import { type CommonOptions, deviceList, threadsFor, wholeNumber, withDataDir } from '../common-options.js';
import { storeLocation, withStoreOption } from '../open-store.js';
import { createOutput } from '../output.js';
import { stopSignal } from '../stop-signal.js';

const defaultPort = 7433;

interface UpOptions extends CommonOptions, Omit<LocalClusterOptions, 'devices' | 'trainers' | 'threads'> {
  readonly host: string;
  readonly threads?: number;
  readonly trainers?: number;
  readonly devices?: DeviceRequest;
}

const examples = `
Examples:
  $ langevin up --trainers 2
  $ langevin up --devices all
  $ langevin up --data-dir /data/langevin --port 7500 --trainers 0
  $ langevin up --store 's3://langevin?endpoint=http://127.0.0.1:9000'
  $ langevin certs --out tls --host 10.0.0.5 && langevin up --host 10.0.0.5 --tls tls`;

/** `langevin up`: a coordinator with an embedded store, and trainers on this machine. */
export function registerUp(program: Command): void {
  withStoreOption(withDataDir(program.command('up')))
    .description('start a coordinator, and trainers on this machine, until Ctrl-C')
    .option('--port <port>', 'port of the coordinator; 0 takes any free one', wholeNumber(0, 65_535), defaultPort)
    .option('--http-port <port>', 'port of the dashboard and the HTTP API; 0 takes any free one (default: the one after --port)', wholeNumber(0, 65_535))
    .option('--exchange-port <port>', 'port on which the coordinator takes gradients of trainers that cannot reach each other; 0 takes any free one', wholeNumber(0, 65_535), 0)
    .option('--samples <on|off>', 'draw samples of every checkpoint, at low priority', onOrOff, true)
    .option('--trainers <n>', 'trainer processes to start beside it (default: 1, or one for each of --devices)', wholeNumber(0, 1024))
    .option('--devices <list>', 'GPUs that the trainers take in turn: all, none, or numbers such as 0,1 (default: those that can be used, if any)', deviceList)
    .option('--threads <n>', 'threads of each trainer: gradients that it computes at the same time, or parts of one (default: all cores, shared among the trainers)', wholeNumber(1, 1024))
    .option('--host <address>', 'address of the coordinator; 0.0.0.0 is every address of this machine', '127.0.0.1')
    .option('--tls <folder>', 'speak TLS with the certificates of this folder, which `langevin certs` made')
    .option('--insecure', 'listen beyond this machine without TLS')
    .option('--takeover', 'take the place of a coordinator of the same store that does not answer any more, and go on with its jobs')
    .addHelpText('after', examples)
    .action(async (options: UpOptions) => {
      const output = createOutput(options.json ?? false);
      const signal = stopSignal();
      const warning = checkExposure({ host: options.host, tls: options.tls === undefined ? undefined : loadTls(options.tls, new Date()), insecure: options.insecure });
      if (warning !== null) process.stderr.write(`langevin: warning: ${warning}\n`);
      const devices = await devicesFor(options.devices ?? 'auto');
      const trainers = options.trainers ?? (options.devices === undefined ? 1 : devices.length);
      await using cluster = await startLocalCluster({ ...options, trainers, threads: options.threads ?? threadsFor(trainers), devices, onRestart: (line) => void process.stderr.write(`langevin: ${line}\n`) });
      const store = storeLocation({ dataDir: options.dataDir });
      output.result(
        { address: cluster.address, dashboard: cluster.dashboard, dataDir: options.dataDir, store, trainers },
        [
          `coordinator on ${cluster.address} with ${trainers} trainer(s); logs in ${options.dataDir}/logs`,
          `  dashboard:      ${process.stdout.isTTY ? cluster.dashboard : withoutToken(cluster.dashboard, options.dataDir)}`,
          `  store:          ${store}`,
          `  submit a job:   langevin job submit recipes/digits-ddpm.yaml --data-dir ${options.dataDir}`,
          `  more trainers:  langevin trainer --coordinator ${cluster.address} --token-file ${options.dataDir}/token${options.tls === undefined ? '' : ` --tls ${options.tls}`}`,
          'Ctrl-C stops them all.',
        ].join('\n'),
      );
      await Promise.race([untilAborted(signal), cluster.failure]);
    });
}

/** What is no terminal is kept: the log of a service or of a container, which is no place for the token. */
function withoutToken(dashboard: string, dataDir: string): string {
  return `${new URL(dashboard).origin}/?token=TOKEN, with what is in ${dataDir}/token`;
}

function onOrOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new InvalidArgumentError('It must be on or off.');
}
