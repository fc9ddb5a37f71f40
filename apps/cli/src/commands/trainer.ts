import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { untilAborted } from '@langevin/processes';
import { findCluster } from '../cluster-connection.js';
import { startTrainerProcess } from '../cluster-processes.js';
import { type ClusterCommandOptions, wholeNumber, withCluster } from '../common-options.js';
import { stopSignal } from '../stop-signal.js';

/** `langevin trainer`: one more trainer for a running cluster. */
export function registerTrainer(program: Command): void {
  withCluster(program.command('trainer'))
    .description('start a trainer and attach it to a coordinator, until Ctrl-C')
    .option('--name <name>', 'name of the trainer, unique in the cluster', `${hostname()}-${process.pid}`)
    .option('--threads <n>', 'threads of one gradient; trainers of one job must agree', wholeNumber(1, 1024), 1)
    .addHelpText('after', '\nExample:\n  $ langevin trainer --coordinator 127.0.0.1:7433 --token-file .langevin/token')
    .action(async (options: ClusterCommandOptions & { name: string; threads: number }) => {
      const signal = stopSignal();
      const { address, tokenFile } = findCluster(options);
      await using trainer = await startTrainerProcess({
        coordinator: address,
        tokenFile,
        name: options.name,
        cache: join(options.dataDir, 'cache'),
        threads: options.threads,
        output: 'inherit',
      });
      const ended = trainer.ended.then((error) => {
        if (error) throw error;
      });
      await Promise.race([untilAborted(signal), ended]);
    });
}
