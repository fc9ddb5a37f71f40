import type { Command } from 'commander';
import { LangevinError, type ErrorCode } from '@langevin/contracts';
import type { RunSummary } from '@langevin/contracts/api';
import { ApiClient } from '../api/api-client.js';
import { findApi, withApi, type ApiOptions } from '../api/find-api.js';
import { connectJobs } from '../cluster-connection.js';
import { wholeNumber } from '../common-options.js';
import { followRun } from '../logs/follow-run.js';
import type { LogEntry, RunHistory } from '../logs/log-entry.js';
import { logLine } from '../logs/log-text.js';
import { historyOfApi, historyOfStore } from '../logs/read-history.js';
import { RunLog, stepsPerLine } from '../logs/run-log.js';
import { createOutput } from '../output.js';
import { openArchive } from '../runs/run-archive.js';
import { readStoredRun } from '../runs/stored-run.js';
import { stopSignal } from '../stop-signal.js';

interface LogsOptions extends ApiOptions {
  readonly follow?: boolean;
  readonly every?: number;
  readonly patience: number;
}

const help = `
A line is: time (UTC), committed steps, what happened. With --json it is one JSON object. Without --follow and where no
coordinator runs on the data folder, the log is what the store holds. With --follow the exit code tells how the job ended,
as that of \`job submit --wait\` does, and Ctrl-C leaves the job alone.

Examples:
  $ langevin job logs digits-ddpm
  $ langevin job logs digits-ddpm --follow --every 10
  $ langevin job logs digits-ddpm -f --json | jq -r 'select(.kind == "checkpoint").step'`;

/** `langevin job logs`: what happened to a job, and how it trains. */
export function registerLogs(job: Command): void {
  withApi(job.command('logs <name>'))
    .description('show what happened to a job and how it trains, a line each')
    .option('-f, --follow', 'stay until the job has ended')
    .option('--every <steps>', 'a line of progress each so many steps (default: a fiftieth of the job)', wholeNumber(1))
    .option('--patience <seconds>', 'with --follow: how long to wait for a coordinator that has gone', wholeNumber(0, 86_400), 60)
    .addHelpText('after', help)
    .action(async (name: string, options: LogsOptions) => {
      // `job logs … | head` takes what it wants and goes.
      process.stdout.on('error', () => process.exit());
      if (options.follow) await follow(name, options);
      else await show(name, options);
    });
}

async function follow(run: string, options: LogsOptions): Promise<void> {
  const ended = await followRun({
    run,
    connect: () => new ApiClient(findApi(options)),
    every: options.every,
    patienceMs: options.patience * 1000,
    signal: stopSignal(),
    tell: teller(options),
    now: () => new Date(),
  });
  if (ended.phase === 'failed') throw await failureOf(ended, options);
}

/** The job's own error. @throws LangevinError when the coordinator cannot say */
async function failureOf({ name, reason }: RunSummary, options: LogsOptions): Promise<LangevinError> {
  using jobs = connectJobs(options);
  const { errorCode } = await jobs.get({ id: name });
  return new LangevinError(errorCode as ErrorCode, `job "${name}" failed: ${reason}`); // The coordinator's own.
}

async function show(run: string, options: LogsOptions): Promise<void> {
  const found = (await fromCoordinator(run, options)) ?? (await fromStore(run, options));
  const log = new RunLog(options.every ?? stepsPerLine(found.totalSteps));
  const tell = teller(options);
  for (const entry of [...log.history(found), ...log.rest()]) tell(entry);
  if (found.events.length + found.points.length === 0) createOutput(options.json ?? false).say(`nothing has happened to "${run}" yet`);
}

type FoundHistory = RunHistory & { readonly totalSteps: number };

/** Undefined when none runs on the data folder. */
async function fromCoordinator(run: string, options: LogsOptions): Promise<FoundHistory | undefined> {
  try {
    const client = new ApiClient(findApi(options));
    const { totalSteps } = await client.get('getRun', { params: { run } });
    return { ...(await historyOfApi(client, run)), totalSteps };
  } catch (thrown) {
    if (LangevinError.from(thrown).code !== 'unavailable' || options.coordinator !== undefined || options.httpUrl !== undefined) throw thrown;
    return undefined;
  }
}

async function fromStore(run: string, options: LogsOptions): Promise<FoundHistory> {
  using archive = await openArchive(options);
  const { totalSteps } = await readStoredRun(archive, run);
  return { ...(await historyOfStore(archive.metrics, run)), totalSteps };
}

function teller({ json = false }: LogsOptions): (entry: LogEntry) => void {
  const output = createOutput(json);
  return (entry) => output.result(entry, logLine(entry));
}
