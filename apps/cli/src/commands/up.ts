import type { Command } from 'commander';
import { untilAborted } from '@langevin/processes';
import { startLocalCluster } from '../cluster-processes.js';
import { type CommonOptions, wholeNumber, withDataDir } from '../common-options.js';
import { createOutput } from '../output.js';
import { stopSignal } from '../stop-signal.js';

const defaultPort = 7433;

/** `langevin up`: a coordinator with an embedded store, and trainers on this machine. */
export function registerUp(program: Command): void {
  withDataDir(program.command('up'))
    .description('start a coordinator, and trainers on this machine, until Ctrl-C')
    .option('--port <port>', 'port of the coordinator; 0 takes any free one', wholeNumber(0, 65_535), defaultPort)
    .option('--trainers <n>', 'trainer processes to start beside it', wholeNumber(0, 1024), 1)
    .option('--threads <n>', 'threads of each trainer; the bits of the weights depend on it', wholeNumber(1, 1024), 1)
    .addHelpText('after', '\nExamples:\n  $ langevin up --trainers 2\n  $ langevin up --data-dir /data/langevin --port 7500 --trainers 0')
    .action(async (options: CommonOptions & { dataDir: string; port: number; trainers: number; threads: number }) => {
      const output = createOutput(options.json ?? false);
      const signal = stopSignal();
      await using cluster = await startLocalCluster(options.dataDir, options.port, options.trainers, options.threads);
      output.result(
        { address: cluster.address, dataDir: options.dataDir, trainers: options.trainers },
        [
          `coordinator on ${cluster.address} with ${options.trainers} trainer(s); logs in ${options.dataDir}/logs`,
          `  submit a job:   langevin job submit recipes/digits-ddpm.yaml --data-dir ${options.dataDir}`,
          `  more trainers:  langevin trainer --coordinator ${cluster.address} --token-file ${options.dataDir}/token`,
          'Ctrl-C stops them all.',
        ].join('\n'),
      );
      await Promise.race([untilAborted(signal), cluster.failure]);
    });
}
