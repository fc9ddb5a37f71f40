import type { Command } from 'commander';
import { connectJobs } from '../cluster-connection.js';
import { type ClusterCommandOptions, withCluster } from '../common-options.js';
import { follow } from '../follow-job.js';
import { createOutput } from '../output.js';

interface ContinueOptions extends ClusterCommandOptions {
  readonly from?: string;
  readonly set: readonly string[];
  readonly wait?: boolean;
}

/** `langevin job resume`: a run goes on, with the specification that its checkpoints hold. */
export function registerResume(job: Command): void {
  withContinue(job.command('resume <run>'))
    .description('continue a run from its newest checkpoint that is whole, without its specification at hand')
    .addHelpText('after', '\nExamples:\n  $ langevin job resume digits-ddpm --wait\n  $ langevin job resume digits-ddpm --from 400 --set trainers.min=1')
    .action(async (run: string, options: ContinueOptions) => {
      using jobs = connectJobs(options);
      const submitted = await jobs.resume({ run, from: options.from ?? '', settings: [...options.set] });
      await follow(jobs, submitted, options.wait ?? false, createOutput(options.json ?? false));
    });
}

/** `langevin job fork`: a new run begins at a checkpoint of another one. */
export function registerFork(job: Command): void {
  withContinue(job.command('fork <run>'))
    .description('begin a new run at a checkpoint of another one')
    .requiredOption('--name <name>', 'name of the new run')
    .addHelpText('after', '\nExamples:\n  $ langevin job fork digits-ddpm --name digits-slower --from 400 --set training.learningRate=1e-4\n  $ langevin job fork digits-ddpm --name digits-longer --set training.steps=2000')
    .action(async (run: string, options: ContinueOptions & { readonly name: string }) => {
      using jobs = connectJobs(options);
      const submitted = await jobs.fork({ run, name: options.name, from: options.from ?? '', settings: [...options.set] });
      await follow(jobs, submitted, options.wait ?? false, createOutput(options.json ?? false));
    });
}

function withContinue(command: Command): Command {
  return withCluster(command)
    .option('--from <checkpoint>', 'its step, or the sha256 of its manifest (default: the newest that is whole)')
    .option('--set <path=value...>', 'replaces a value of the specification', [])
    .option('--wait', 'stay until the job has ended, with its progress');
}
