import type { Command } from 'commander';
import { pullCheckpoint } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { listCheckpoints, listRuns, resolveCheckpoint, verifyCheckpoint, type CheckpointVerdict, type ObjectStore } from '@langevin/registry';
import type { IndexedCheckpoint } from '@langevin/registry-index';
import { formatBytes } from '../byte-text.js';
import { describeCheckpoint } from '../checkpoint-text.js';
import type { CommonOptions } from '../common-options.js';
import { openCliStore, withStore, type StoreOptions } from '../open-store.js';
import { createOutput, table, type Output } from '../output.js';
import { describePull, pullProgress } from '../pull-text.js';
import { stopSignal } from '../stop-signal.js';
import { openIndexed } from '../store-index.js';

type Options = StoreOptions & CommonOptions;

const references = '\nA checkpoint is named RUN (its newest), RUN:STEP or sha256:DIGEST.\n';

/** `langevin ckpt ls|show|pull|verify`. */
export function registerCheckpoint(program: Command): void {
  const ckpt = program.command('ckpt').description('list, show, pull and verify checkpoints');
  withStore(ckpt.command('ls'))
    .description('list the checkpoints of the store')
    .option('--run <name>', 'only those of this run')
    .addHelpText('after', '\nExample:\n  $ langevin ckpt ls --run digits-ddpm')
    .action(listCommand);
  withStore(ckpt.command('show <checkpoint>'))
    .description('show a checkpoint: what trained it, how good it is, its files')
    .addHelpText('after', `${references}\nExample:\n  $ langevin ckpt show digits-ddpm:4000`)
    .action(async (reference: string, options: Options) => {
      const output = createOutput(options.json ?? false);
      const { digest, manifest } = await resolveCheckpoint(await openCliStore(options), reference, output.say);
      output.result({ digest, manifest }, describeCheckpoint(digest, manifest));
    });
  withStore(ckpt.command('pull <checkpoint>'))
    .description('pull a whole checkpoint, every byte verified')
    .requiredOption('--out <folder>', 'folder to make')
    .addHelpText('after', `${references}\nExample:\n  $ langevin ckpt pull digits-ddpm --out digits-checkpoint`)
    .action(pullCommand);
  withStore(ckpt.command('verify'))
    .description('read every byte of checkpoints and compare it with what was committed')
    .option('--run <name>', 'the checkpoints of this run')
    .option('--all', 'the checkpoints of every run')
    .addHelpText('after', '\nEnds with code 1 when something is damaged, and names it.\n\nExample:\n  $ langevin ckpt verify --all')
    .action(verifyCommand);
}

async function listCommand(options: Options & { readonly run?: string }): Promise<void> {
  using indexed = await openIndexed(options);
  const found = indexed.index.checkpoints(options.run);
  const runs = indexed.index.runs().map(({ name }) => name);
  if (options.run !== undefined && !runs.includes(options.run)) throw unknownRun(indexed.store, options.run, runs);
  createOutput(options.json ?? false).result(found, found.length > 0 ? checkpointTable(found) : 'no checkpoint yet: a job takes them as it trains (langevin job submit SPEC.yaml)');
}

function checkpointTable(found: readonly IndexedCheckpoint[]): string {
  return table(
    ['RUN', 'STEP', 'ROLE', 'LOSS', 'IMAGES SEEN', 'SIZE', 'DIGEST'],
    found.map(({ run, step, guidanceRole, loss, samplesSeen, bytes, digest }) => [
      run,
      String(step),
      guidanceRole,
      loss === null ? '–' : loss.toPrecision(4),
      String(samplesSeen),
      formatBytes(bytes),
      digest.slice(0, 12),
    ]),
  );
}

async function pullCommand(reference: string, options: Options & { readonly out: string }): Promise<void> {
  const output = createOutput(options.json ?? false);
  const progress = pullProgress(output);
  const store = await openCliStore(options);
  const result = await pullCheckpoint({ store, checkpoint: reference, out: options.out, signal: stopSignal(), onProgress: progress.show, onWarning: output.say }).finally(progress.end);
  const { manifest, ...facts } = result;
  output.result({ ...facts, run: manifest.run, step: manifest.step }, describePull(`step ${manifest.step} of ${manifest.run}`, result));
}

async function verifyCommand(options: Options & { readonly run?: string; readonly all?: boolean }): Promise<void> {
  if ((options.run === undefined) === (options.all !== true)) throw new LangevinError('invalid_argument', 'name a run with --run, or verify --all');
  const output = createOutput(options.json ?? false);
  const store = await openCliStore(options);
  const runs = options.run === undefined ? await listRuns(store) : [options.run];
  const verdicts: CheckpointVerdict[] = [];
  for (const run of runs) {
    const steps = await listCheckpoints(store, run);
    if (steps.length === 0 && options.run !== undefined) throw unknownRun(store, run, await listRuns(store));
    for (const step of steps) verdicts.push(await verified(store, run, step, output));
  }
  const damaged = verdicts.filter(({ problems }) => problems.length > 0);
  const bytes = verdicts.reduce((sum, verdict) => sum + verdict.bytes, 0);
  if (damaged.length > 0) process.exitCode = 1;
  output.result({ checkpoints: verdicts.length, bytes, damaged }, summary(verdicts.length, bytes, damaged));
}

async function verified(store: ObjectStore, run: string, step: number, output: Output): Promise<CheckpointVerdict> {
  const verdict = await verifyCheckpoint(store, run, step);
  output.say(`${run}:${step}  ${verdict.problems.length === 0 ? `intact, ${formatBytes(verdict.bytes)}` : 'DAMAGED'}`);
  return verdict;
}

function summary(count: number, bytes: number, damaged: readonly CheckpointVerdict[]): string {
  if (damaged.length === 0) return `${count} checkpoints, ${formatBytes(bytes)}: every byte is as it was committed`;
  const lines = damaged.flatMap(({ run, step, problems }) => problems.map((problem) => `${run}:${step}: ${problem}`));
  return [...lines, `${damaged.length} of ${count} checkpoints are damaged; a job that resumes takes the newest intact one`].join('\n');
}

function unknownRun(store: ObjectStore, run: string, runs: readonly string[]): LangevinError {
  const names = runs.includes(run) ? `run "${run}" has no checkpoint yet` : `there is no run "${run}" in ${store.location}; there is ${runs.join(', ') || 'none'}`;
  return new LangevinError(runs.includes(run) ? 'checkpoint_missing' : 'run_unknown', names);
}
