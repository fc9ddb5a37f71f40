import { hostname } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { untilAborted } from '@langevin/processes';
import { checkExposure, loadTls } from '@langevin/rpc';
import { findCluster } from '../cluster-connection.js';
import { startTrainerProcess } from '../cluster-processes.js';
import { type ClusterCommandOptions, wholeNumber, withCluster } from '../common-options.js';
import { stopSignal } from '../stop-signal.js';

interface TrainerOptions extends ClusterCommandOptions {
  readonly name: string;
  readonly threads: number;
  readonly host: string;
  readonly port: number;
  readonly advertise?: string;
  readonly insecure?: boolean;
}

const examples = `
Examples:
  $ langevin trainer --coordinator 127.0.0.1:7433 --token-file .langevin/token
  $ langevin trainer --coordinator head.example:7433 --token-file token --tls tls --host 10.0.0.7`;

/** `langevin trainer`: one more trainer for a running cluster. */
export function registerTrainer(program: Command): void {
  withCluster(program.command('trainer'))
    .description('start a trainer and attach it to a coordinator, until Ctrl-C')
    .addOption(new Option('--name <name>', 'name of the trainer, unique in the cluster').default(`${hostname()}-${process.pid}`, 'host and process id'))
    .option('--threads <n>', 'threads of one gradient; trainers of one job must agree', wholeNumber(1, 1024), 1)
    .option('--host <address>', 'address on which the coordinator pulls from it', '127.0.0.1')
    .option('--port <port>', 'port for that; 0 takes any free one', wholeNumber(0, 65_535), 0)
    .option('--advertise <host[:port]>', 'how the coordinator dials it, where that is not the address it listens on')
    .option('--insecure', 'listen beyond this machine without TLS')
    .addHelpText('after', examples)
    .action(async (options: TrainerOptions) => {
      const signal = stopSignal();
      const { address, tokenFile, tls } = findCluster(options);
      const { host, port, advertise, insecure = false } = options;
      // The trainer itself would say so too, after it has loaded TensorFlow.
      checkExposure({ host, tls: tls === undefined ? undefined : loadTls(tls, new Date()), insecure });
      await using trainer = await startTrainerProcess({
        coordinator: address,
        tokenFile,
        name: options.name,
        cache: join(options.dataDir, 'cache'),
        tls,
        listen: { host, port, insecure, ...(advertise === undefined ? {} : { advertise }) },
        threads: options.threads,
        output: 'inherit',
      });
      const ended = trainer.ended.then((error) => {
        if (error) throw error;
      });
      await Promise.race([untilAborted(signal), ended]);
    });
}
