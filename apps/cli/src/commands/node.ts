import type { Command } from 'commander';
import type { NodeInfo } from '@langevin/contracts/api';
import { ApiClient } from '../api/api-client.js';
import { findApi, withApi, type ApiOptions } from '../api/find-api.js';
import { formatBytes } from '../byte-text.js';
import { connectJobs } from '../cluster-connection.js';
import { withCluster, type ClusterCommandOptions } from '../common-options.js';
import { createOutput, table } from '../output.js';

const help = `
STATE says for whom a trainer waits, or how many leaves of the gradient it has still to compute. Whoever others wait for holds the
job up. COMPUTE, WAIT and EXCHANGE say where the time of a trainer's last step went: gradients, waiting for others, sending and receiving.

Examples:
  $ langevin node ls
  $ langevin node ls --json | jq '.[] | {name, stepMs}'`;

const drainHelp = `
The trainer computes its part of the running step; then others take its work over, and its process ends. Nothing is lost. Of
a job whose last trainer is drained a checkpoint is stored first, and the job waits for another trainer.

Examples:
  $ langevin node drain trainer-2`;

/** `langevin node ls` and `langevin node drain`. */
export function registerNode(program: Command): void {
  const node = program.command('node').description('list the trainers of a running coordinator, or let one go');
  withApi(node.command('ls'))
    .description('list the trainers that are attached now: what they compute with, what they do, and where their time goes')
    .addHelpText('after', help)
    .action(async (options: ApiOptions) => {
      const client = new ApiClient(findApi(options));
      const nodes = await client.all((query) => client.get('listNodes', { query }));
      createOutput(options.json ?? false).result(nodes, nodes.length > 0 ? nodeTable(nodes) : 'no trainer is attached: start one with `langevin trainer`');
    });
  withCluster(node.command('drain <name>'))
    .description('give the work of a trainer to the others, and let it end')
    .addHelpText('after', drainHelp)
    .action(async (name: string, options: ClusterCommandOptions) => {
      using jobs = connectJobs(options);
      await jobs.drain({ name });
      createOutput(options.json ?? false).result({ name, draining: true }, `${name} leaves when the running step is committed`);
    });
}

function nodeTable(nodes: readonly NodeInfo[]): string {
  const rows = nodes.map(({ name, state, waitsFor, leavesLeft, job, backend, threads, virtualWorkers, memoryBytes, stepMs, lastSeenMs }) => [
    name,
    stateText({ state, waitsFor, leavesLeft }),
    job ?? '–',
    backend,
    String(threads),
    String(virtualWorkers),
    memoryBytes === 0 ? '–' : formatBytes(memoryBytes),
    ...(['compute', 'wait', 'exchange'] as const).map((part) => (stepMs ? `${Math.round(stepMs[part])} ms` : '–')),
    `${(lastSeenMs / 1000).toFixed(1)} s ago`,
  ]);
  return table(['NAME', 'STATE', 'JOB', 'BACKEND', 'THREADS', 'WORKERS', 'MEMORY', 'COMPUTE', 'WAIT', 'EXCHANGE', 'SEEN'], rows);
}

function stateText({ state, waitsFor, leavesLeft }: Pick<NodeInfo, 'state' | 'waitsFor' | 'leavesLeft'>): string {
  if (waitsFor.length > 0) return `${state} for ${waitsFor.join(', ')}`;
  return state === 'computing' && leavesLeft > 0 ? `computing, ${leavesLeft} left` : state;
}
