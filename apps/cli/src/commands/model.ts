import { InvalidArgumentError, Option, type Command } from 'commander';
import { pullModel } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { promoteModel, readAuditTrail, registerModel, resolveCheckpoint, rollbackModel, type AliasMove } from '@langevin/registry';
import { changeContext } from '../actor.js';
import { wholeNumber, type CommonOptions } from '../common-options.js';
import { describeModel, modelTable } from '../model-text.js';
import { openCliStore, withStore, type StoreOptions } from '../open-store.js';
import { createOutput } from '../output.js';
import { describePull, pullProgress } from '../pull-text.js';
import { stopSignal } from '../stop-signal.js';
import { openIndexed } from '../store-index.js';
import { registerModelExport } from './model-export.js';

type Options = StoreOptions & CommonOptions;

interface ChangeOptions extends Options {
  readonly actor?: string;
}

interface RegisterOptions extends ChangeOptions {
  readonly run?: string;
  readonly step?: number;
  readonly checkpoint?: string;
  readonly note?: string;
  readonly license?: string;
}

interface MoveOptions extends ChangeOptions {
  readonly alias: string;
  readonly ifCurrent?: number | 'none';
  readonly reason?: string;
}

interface PullCommandOptions extends Options {
  readonly guidance?: string;
  readonly out?: string;
}

/** `langevin model register|ls|show|promote|rollback|pull|export`. */
export function registerModelCommands(program: Command): void {
  const model = program.command('model').description('register, list, promote, pull and export models');
  registerRegister(model);
  withStore(model.command('ls')).description('list the models of the store').addHelpText('after', '\nExample:\n  $ langevin model ls').action(listCommand);
  withStore(model.command('show <name>'))
    .description('show a model: versions, aliases, and who moved them')
    .addHelpText('after', '\nExample:\n  $ langevin model show digits')
    .action(showCommand);
  registerMoves(model);
  withStore(model.command('pull <model>'))
    .description('pull a model into a directory that diffusers opens as it is, every byte verified')
    .option('--guidance <model>', 'pull this noisy classifier too; its noise schedule must be the model\'s')
    .option('--out <folder>', 'folder to make (default: the name of the model)')
    .addHelpText('after', '\nA model is named NAME, NAME:VERSION, NAME@ALIAS or NAME@sha256:DIGEST. A pull that was stopped goes on where it was.\n\nExample:\n  $ langevin model pull digits@production --guidance digits-classifier@production --out digits')
    .action(pullCommand);
  registerModelExport(model);
}

function withActor(command: Command): Command {
  return withStore(command).option('--actor <who>', 'who does it, for the audit trail (default: this user on this machine)');
}

function registerRegister(model: Command): void {
  withActor(model.command('register <name>'))
    .description('make a checkpoint the next version of a model')
    .addOption(new Option('--run <name>', 'the newest checkpoint of this run').conflicts('checkpoint'))
    .option('--step <n>', 'with --run: the checkpoint of this step', wholeNumber(0))
    .option('--checkpoint <sha256>', 'a checkpoint, by the digest of its manifest')
    .option('--note <text>', 'what is worth knowing about it')
    .option('--license <name>', 'licence of the weights, e.g. CC-BY-SA-3.0')
    .addHelpText('after', '\nExamples:\n  $ langevin model register digits --run digits-ddpm --note "first that looks right"\n  $ langevin model register digits --run digits-ddpm --step 4000')
    .action(registerCommand);
}

async function registerCommand(name: string, options: RegisterOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const store = await openCliStore(options);
  const { digest } = await resolveCheckpoint(store, checkpointOf(options), output.say);
  const { note, license } = options;
  const registration = { model: name, checkpoint: digest, ...(note === undefined ? {} : { note }), ...(license === undefined ? {} : { license }) };
  const { created, version } = await registerModel(store, registration, changeContext(options.actor));
  const what = `${version.run}:${version.step}, checkpoint ${digest}`;
  output.result({ created, ...version }, created ? `${name}:${version.version} is ${what}` : `${what}, is ${name}:${version.version} already, since ${version.createdAt}`);
}

/** @throws LangevinError `invalid_argument` when neither a run nor a checkpoint is named */
function checkpointOf({ run, step, checkpoint }: RegisterOptions): string {
  if (checkpoint !== undefined && step === undefined) return checkpoint.startsWith('sha256:') ? checkpoint : `sha256:${checkpoint}`;
  if (run === undefined || checkpoint !== undefined) throw new LangevinError('invalid_argument', 'name a run with --run, and a --step of it, or a checkpoint with --checkpoint');
  return step === undefined ? run : `${run}:${step}`;
}

async function listCommand(options: Options): Promise<void> {
  using indexed = await openIndexed(options);
  const models = indexed.index.models();
  createOutput(options.json ?? false).result(models, models.length > 0 ? modelTable(models) : 'no model yet: langevin model register NAME --run RUN');
}

async function showCommand(name: string, options: Options): Promise<void> {
  using indexed = await openIndexed(options);
  const models = indexed.index.models();
  const model = models.find((found) => found.name === name);
  if (!model) throw new LangevinError('model_unknown', `there is no model "${name}" in ${indexed.store.location}; there is ${models.map((found) => found.name).join(', ') || 'none yet'}`);
  const versions = indexed.index.versions(name);
  const trail = await readAuditTrail(indexed.store, name);
  createOutput(options.json ?? false).result({ ...model, versions, trail }, describeModel(model, versions, trail));
}

function registerMoves(model: Command): void {
  withActor(model.command('promote <name> <version>'))
    .description('point an alias to a version')
    .requiredOption('--alias <name>', 'alias to move, e.g. production')
    .option('--if-current <version>', 'only if it points there now; "none": only if it is new', currentVersion)
    .option('--reason <text>', 'why, for the audit trail')
    .addHelpText('after', '\nExample:\n  $ langevin model promote digits 3 --alias production --if-current 2 --reason "sharper sevens"')
    .action(async (name: string, version: string, options: MoveOptions) => {
      const store = await openCliStore(options);
      const { alias, ifCurrent, reason } = options;
      const promotion = { model: name, alias, version: versionNumber(version), ...(ifCurrent === undefined ? {} : { ifCurrent: ifCurrent === 'none' ? null : ifCurrent }), ...(reason === undefined ? {} : { reason }) };
      report(await promoteModel(store, promotion, changeContext(options.actor)), options);
    });
  withActor(model.command('rollback <name>'))
    .description('take the last promotion of an alias back')
    .requiredOption('--alias <name>', 'alias to move back, e.g. production')
    .option('--reason <text>', 'why, for the audit trail')
    .addHelpText('after', '\nExample:\n  $ langevin model rollback digits --alias production --reason "blurred eights"')
    .action(async (name: string, options: MoveOptions) => {
      const store = await openCliStore(options);
      const { alias, reason } = options;
      report(await rollbackModel(store, { model: name, alias, ...(reason === undefined ? {} : { reason }) }, changeContext(options.actor)), options);
    });
}

function report({ moved, event }: AliasMove, options: Options): void {
  const { model, alias, from, to } = event;
  const text = moved ? `${model}@${alias} moved from ${from ?? 'nowhere'} to ${to}` : `${model}@${alias} points to ${to} already, since ${event.at}`;
  createOutput(options.json ?? false).result({ moved, ...event }, text);
}

async function pullCommand(reference: string, options: PullCommandOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const progress = pullProgress(output);
  const { guidance, out } = options;
  const store = await openCliStore(options);
  const result = await pullModel({
    store,
    model: reference,
    ...(guidance === undefined ? {} : { guidance }),
    ...(out === undefined ? {} : { out }),
    signal: stopSignal(),
    onProgress: progress.show,
  }).finally(progress.end);
  const names = [result.model, ...(result.guidance ? [result.guidance] : [])].map(({ name, version }) => `${name}:${version}`);
  output.result(result, describePull(names.join(' and '), result));
}

function versionNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new LangevinError('invalid_argument', `"${text}" is no version, which is a number from 1 on`);
}

function currentVersion(text: string): number | 'none' {
  if (text === 'none') return text;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a version, which is a number from 1 on, or "none".');
}
