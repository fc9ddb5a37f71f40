import type { Command } from 'commander';
import { LangevinError } from '@langevin/contracts';
import { checkHealth, loadTls } from '@langevin/rpc';
import { findCluster } from '../cluster-connection.js';
import { type ClusterCommandOptions, withCluster } from '../common-options.js';
import { createOutput } from '../output.js';

/** `langevin health`: whether a coordinator or a trainer serves; for container engines, which read the exit code. */
export function registerHealth(program: Command): void {
  withCluster(program.command('health [address]'))
    .description('ask a coordinator, or a trainer by its address, whether it serves')
    .addHelpText('after', '\nExamples:\n  $ langevin health\n  $ langevin health 10.0.0.7:7434 --token-file token --tls tls')
    .action(async (address: string | undefined, options: ClusterCommandOptions) => {
      const found = findCluster(address === undefined ? options : { ...options, coordinator: address });
      const tls = found.tls === undefined ? undefined : loadTls(found.tls, new Date());
      const health = await checkHealth(found.address, found.token, { peerName: address === undefined ? 'coordinator' : 'server', tls });
      if (health !== 'SERVING') throw new LangevinError('unavailable', `${found.address} answers, and says that it is ${health}`);
      createOutput(options.json ?? false).result({ address: found.address, health }, `${found.address} serves`);
    });
}
