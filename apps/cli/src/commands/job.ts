import type { Command } from 'commander';
import { parseJobSpec, type JobSpec } from '@langevin/contracts';
import { connectJobs } from '../cluster-connection.js';
import { type ClusterCommandOptions, wholeNumber, withCluster } from '../common-options.js';
import { follow } from '../follow-job.js';
import { describeJob, jobRow, phaseName } from '../job-text.js';
import { createOutput, table } from '../output.js';
import { registerFork, registerResume } from './job-continue.js';
import { registerLogs } from './job-logs.js';
import { readSpecFile } from '../spec-file.js';

interface SubmitOptions extends ClusterCommandOptions {
  readonly name?: string;
  readonly seed?: number;
  readonly minTrainers?: number;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

/** `langevin job submit|resume|fork|ls|show|logs|cancel`. */
export function registerJob(program: Command): void {
  const job = program.command('job').description('submit, continue, fork, list, show, follow and cancel training jobs');
  registerSubmit(job);
  registerResume(job);
  registerFork(job);
  withCluster(job.command('ls'))
    .description('list the jobs of the running coordinator')
    .addHelpText('after', '\nExample:\n  $ langevin job ls')
    .action(async (options: ClusterCommandOptions) => {
      using jobs = connectJobs(options);
      const { jobs: found } = await jobs.list({});
      createOutput(options.json ?? false).result(
        found,
        found.length > 0 ? table(['NAME', 'PHASE', 'STEP', 'LOSS', 'IMAGES/S', 'REASON'], found.map(jobRow)) : 'no job yet: langevin job submit SPEC.yaml',
      );
    });
  withCluster(job.command('show <name>'))
    .description('show a job')
    .addHelpText('after', '\nExample:\n  $ langevin job show digits-ddpm')
    .action(async (name: string, options: ClusterCommandOptions) => {
      using jobs = connectJobs(options);
      const found = await jobs.get({ id: name });
      createOutput(options.json ?? false).result(found, describeJob(found));
    });
  registerLogs(job);
  withCluster(job.command('cancel <name>'))
    .description('cancel a job; its checkpoints stay')
    .addHelpText('after', '\nExample:\n  $ langevin job cancel digits-ddpm')
    .action(async (name: string, options: ClusterCommandOptions) => {
      using jobs = connectJobs(options);
      const found = await jobs.cancel({ id: name });
      createOutput(options.json ?? false).result(found, `${name}: ${phaseName(found)} ${found.reason}`);
    });
}

function registerSubmit(job: Command): void {
  withCluster(job.command('submit <spec>'))
    .description('submit a job specification (YAML); the same one again continues from its last checkpoint')
    .option('--name <name>', 'replaces the name in the specification')
    .option('--seed <n>', 'replaces the seed', wholeNumber(0, 0xffff_ffff))
    .option('--min-trainers <n>', 'replaces trainers.min: start when this many are attached', wholeNumber(1))
    .option('--dry-run', 'print the resolved specification and submit nothing')
    .option('--wait', 'stay until the job has ended, with its progress')
    .addHelpText('after', '\nExamples:\n  $ langevin job submit recipes/digits-ddpm.yaml --wait\n  $ langevin job submit my.yaml --dry-run')
    .action(async (file: string, options: SubmitOptions) => {
      const output = createOutput(options.json ?? false);
      const spec = readSpec(file, options);
      if (options.dryRun) return output.result(spec, JSON.stringify(spec, null, 2));
      using jobs = connectJobs(options);
      await follow(jobs, await jobs.submit({ specJson: JSON.stringify(spec) }), options.wait ?? false, output);
    });
}

/** @throws LangevinError `invalid_argument` when the file cannot be read, `invalid_spec` with path and reason */
function readSpec(file: string, options: SubmitOptions): JobSpec {
  const input = readSpecFile(file);
  if (typeof input !== 'object' || input === null) return parseJobSpec(input);
  const trainers = options.minTrainers === undefined ? {} : { trainers: { min: options.minTrainers } };
  const name = options.name === undefined ? {} : { name: options.name };
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  return parseJobSpec({ ...input, ...name, ...seed, ...trainers });
}
