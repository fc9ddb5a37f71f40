import { hostname } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { untilAborted } from '@langevin/processes';
import { checkExposure, loadTls } from '@langevin/rpc';
import { devicesFor, type DeviceRequest } from '@langevin/tf-runtime/process';
import { findCluster } from '../cluster-connection.js';
import { startTrainerProcesses } from '../cluster-processes.js';
import { type ClusterCommandOptions, deviceList, threadsFor, wholeNumber, withCluster } from '../common-options.js';
import { stopSignal } from '../stop-signal.js';
import { trainerPlaces } from '../trainer-places.js';

interface TrainerOptions extends ClusterCommandOptions {
  readonly name: string;
  readonly threads?: number;
  readonly devices?: DeviceRequest;
  readonly host: string;
  readonly port: number;
  readonly exchangePort: number;
  readonly advertise?: string;
  readonly insecure?: boolean;
}

const examples = `
Where another host may take over (\`langevin up --takeover\`), name both coordinators, with a comma between them.

Examples:
  $ langevin trainer --coordinator 127.0.0.1:7433 --token-file .langevin/token
  $ langevin trainer --devices all
  $ langevin trainer --coordinator head.example:7433 --token-file token --tls tls --host 10.0.0.7`;

/** `langevin trainer`: one more trainer for a running cluster, or one for each GPU. */
export function registerTrainer(program: Command): void {
  withCluster(program.command('trainer'))
    .description('start a trainer and attach it to a coordinator, until Ctrl-C')
    .addOption(new Option('--name <name>', 'name of the trainer, unique in the cluster').default(`${hostname()}-${process.pid}`, 'host and process id'))
    .option('--threads <n>', 'threads of each trainer: gradients that it computes at the same time, or parts of one (default: all cores, shared among the trainers of this command)', wholeNumber(1, 1024))
    .option('--devices <list>', 'GPUs to compute on, a trainer each: all, none, or numbers such as 0,1 (default: the first GPU if there is one)', deviceList)
    .option('--host <address>', 'address on which the coordinator pulls from it', '127.0.0.1')
    .option('--port <port>', 'port for that; 0 takes any free one', wholeNumber(0, 65_535), 0)
    .option('--exchange-port <port>', 'port on which other trainers get gradients from it, with one trainer; 0 takes any free one', wholeNumber(0, 65_535), 0)
    .option('--advertise <host[:port]>', 'how the coordinator dials it, where that is not the address it listens on')
    .option('--insecure', 'listen beyond this machine without TLS')
    .addHelpText('after', examples)
    .action(async (options: TrainerOptions) => {
      const signal = stopSignal();
      const { address, tokenFile, tls } = findCluster(options);
      const { host, port, exchangePort, advertise, insecure = false } = options;
      // The trainer itself would say so too, after it has loaded TensorFlow.
      checkExposure({ host, tls: tls === undefined ? undefined : loadTls(tls, new Date()), insecure });
      const devices = options.devices ? await devicesFor(options.devices) : (await devicesFor('auto')).slice(0, 1);
      const shared = { coordinator: address, tokenFile, cache: join(options.dataDir, 'cache'), tls, threads: options.threads ?? threadsFor(devices.length), output: 'inherit' as const };
      const places = trainerPlaces({ name: options.name, port, advertise }, devices);
      await using trainers = await startTrainerProcesses(places.map(({ name, device, ...place }) => ({ ...shared, name, device, listen: { host, insecure, exchangePort: places.length === 1 ? exchangePort : 0, ...place } })), (line) => void process.stderr.write(`langevin: ${line}\n`));
      const ended = trainers.services.map(async (trainer) => {
        const error = await trainer.ended;
        if (error) throw error;
      });
      await Promise.race([untilAborted(signal), Promise.all(ended)]);
    });
}
