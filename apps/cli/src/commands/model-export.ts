import { Option, type Command } from 'commander';
import { exportDiffusers, exportSavedModel, readCheckpointWeights } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { resolveModel } from '@langevin/registry';
import { wholeNumber, type CommonOptions } from '../common-options.js';
import { openCliStore, withStore, type StoreOptions } from '../open-store.js';
import { createOutput } from '../output.js';

interface ExportCommandOptions extends StoreOptions, CommonOptions {
  readonly out: string;
  readonly format: 'saved-model' | 'diffusers';
  readonly batchSize?: number;
}

const help = `
A model is named NAME, NAME:VERSION, NAME@ALIAS or NAME@sha256:DIGEST. A SavedModel has the signature sample_step: one step of DDIM.

Examples:
  $ langevin model export digits@production --format saved-model --batch-size 16 --out digits-tf
  $ langevin model export digits:3 --format diffusers --out digits-diffusers`;

/** `langevin model export`. */
export function registerModelExport(model: Command): void {
  withStore(model.command('export <model>'))
    .description('write a denoiser for other programs: as a TensorFlow SavedModel, or as a directory of diffusers')
    .addOption(new Option('--format <format>', 'what to write').choices(['saved-model', 'diffusers']).default('saved-model'))
    .option('--batch-size <n>', 'with saved-model: images of one call, which the graph fixes (default: 1)', wholeNumber(1, 65536))
    .requiredOption('--out <folder>', 'folder to make')
    .addHelpText('after', help)
    .action(exportCommand);
}

async function exportCommand(reference: string, options: ExportCommandOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { format, out, batchSize } = options;
  if (format === 'diffusers' && batchSize !== undefined) throw new LangevinError('invalid_argument', '--batch-size belongs to --format saved-model: diffusers takes any number of images');
  const store = await openCliStore(options);
  const { name, version, checkpoint, run, step } = await resolveModel(store, reference);
  const weights = await readCheckpointWeights({ store, run, step });
  if (weights.digest !== checkpoint) {
    throw new LangevinError('checkpoint_missing', `${name}:${version} is checkpoint ${checkpoint}, and step ${step} of run "${run}" is another one by now, ${weights.digest}`);
  }
  if (format === 'diffusers') await exportDiffusers(weights, out);
  else await exportSavedModel(weights, out, batchSize === undefined ? {} : { batchSize });
  const what = format === 'diffusers' ? 'a directory of diffusers' : `a TensorFlow SavedModel for ${batchSize ?? 1} images a call, signature sample_step`;
  output.result({ out, format, model: name, version, run, step, checkpoint }, `${out}: ${name}:${version}, step ${step} of ${run}, as ${what}`);
}
