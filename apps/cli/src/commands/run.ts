import type { Command } from 'commander';
import { LangevinError } from '@langevin/contracts';
import type { CommonOptions } from '../common-options.js';
import { withStore, type StoreOptions } from '../open-store.js';
import { createOutput } from '../output.js';
import { compareRuns, comparisonText } from '../runs/compare-runs.js';
import { openArchive } from '../runs/run-archive.js';
import { readLineage } from '../runs/run-lineage.js';
import { describeRun, runTable } from '../runs/run-text.js';
import { readStoredRun, summaryOf } from '../runs/stored-run.js';

type Options = StoreOptions & CommonOptions;

/** `langevin run ls|show|compare`. */
export function registerRun(program: Command): void {
  const run = program.command('run').description('list, show and compare runs; needs no running coordinator');
  withStore(run.command('ls'))
    .description('list the runs of the store')
    .addHelpText('after', '\nThe phase is how a run ended; – is one that trains or was interrupted (`langevin job ls` tells).\n\nExample:\n  $ langevin run ls')
    .action(listCommand);
  withStore(run.command('show <name>'))
    .description('show a run: its specification in short, how it went, its checkpoints, where it comes from and what came of it')
    .addHelpText('after', '\nWith --json the specification is whole.\n\nExamples:\n  $ langevin run show digits-ddpm\n  $ langevin run show digits-ddpm --json | jq .spec')
    .action(showCommand);
  withStore(run.command('compare <names...>'))
    .description('compare runs: where their specifications differ, and their metrics at the last step that all have and at the end')
    .addHelpText('after', '\nExample:\n  $ langevin run compare digits-ddpm digits-slower')
    .action(compareCommand);
}

async function listCommand(options: Options): Promise<void> {
  using archive = await openArchive(options);
  const runs = await Promise.all(archive.index.runs().map(async ({ name }) => summaryOf(await readStoredRun(archive, name))));
  createOutput(options.json ?? false).result(runs, runs.length > 0 ? runTable(runs) : 'no run yet: langevin job submit SPEC.yaml');
}

async function showCommand(name: string, options: Options): Promise<void> {
  using archive = await openArchive(options);
  const run = await readStoredRun(archive, name);
  const { spec, attempts, lastPoint, newest } = run;
  const checkpoints = archive.index.checkpoints(name);
  const lineage = await readLineage(archive, run);
  const facts = { weightsSha256: newest?.files.find(({ role }) => role === 'weights')?.digest ?? null, numericsClass: newest?.numericsClass ?? null };
  createOutput(options.json ?? false).result({ ...summaryOf(run), spec, attempts, lastPoint, ...facts, checkpoints, lineage }, describeRun(run, checkpoints, lineage));
}

async function compareCommand(names: readonly string[], options: Options): Promise<void> {
  if (new Set(names).size < 2) throw new LangevinError('invalid_argument', 'one run alone compares with nothing: name two or more, as in `langevin run compare A B`');
  using archive = await openArchive(options);
  const comparison = await compareRuns(archive, [...new Set(names)]);
  createOutput(options.json ?? false).result(comparison, comparisonText(comparison));
}
