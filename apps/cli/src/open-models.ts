import { Option, type Command } from 'commander';
import { openCheckpoint, openClassifier, openModel, type CheckpointChoice, type DiffusionModel, type NoisyClassifier } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { readManifest, resolveCheckpoint, type ObjectStore } from '@langevin/registry';
import { wholeNumber } from './common-options.js';
import { openCliStore, type StoreOptions } from './open-store.js';

/** Options that name what draws, and what guides it. */
export interface ModelOptions extends StoreOptions {
  readonly run?: string;
  readonly checkpoint?: string;
  readonly step?: number;
  readonly model?: string;
  readonly classifier?: string;
}

/** What was opened, on one backend. It holds tensors until `dispose`. */
export interface OpenedModels {
  readonly model: DiffusionModel;
  readonly classifier?: NoisyClassifier;
  dispose(): void;
}

/** Adds what `ModelOptions` names; the store comes from `withStore`. */
export function withModels(command: Command): Command {
  return command
    .addOption(new Option('--run <name>', 'run whose newest checkpoint to use').conflicts(['checkpoint', 'model']))
    .addOption(new Option('--checkpoint <sha256>', 'checkpoint to use, by the digest of its manifest').conflicts('model'))
    .option('--step <n>', 'with --run: the checkpoint of this step', wholeNumber(0))
    .option('--model <folder>', 'model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers')
    .option('--classifier <checkpoint>', 'noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST');
}

/**
 * Opens what the options name.
 * @param guides whether a classifier that was pulled with the model is to guide it
 * @throws LangevinError `invalid_argument` when no model is named; as `openCheckpoint`, `openClassifier`, `openModel`
 */
export async function openModels(options: ModelOptions, guides: boolean, onWarning: (message: string) => void): Promise<OpenedModels> {
  const pulled = options.model === undefined ? undefined : await openModel(options.model);
  const model = pulled ?? (await openCheckpoint(await choice(options, onWarning)));
  const classifier = options.classifier === undefined ? undefined : await namedClassifier(await openCliStore(options), options.classifier, onWarning);
  const guide = classifier ?? (guides ? pulled?.classifier : undefined);
  return {
    model,
    ...(guide && { classifier: guide }),
    dispose() {
      classifier?.dispose();
      model.dispose();
    },
  };
}

async function choice(options: ModelOptions, onWarning: (message: string) => void): Promise<CheckpointChoice & { store: ObjectStore }> {
  const { run, step, checkpoint } = options;
  if (run === undefined && checkpoint === undefined) {
    throw new LangevinError('invalid_argument', 'name a run with --run, a checkpoint with --checkpoint, or a folder with --model');
  }
  const store = await openCliStore(options);
  const named = checkpoint === undefined ? { run: run ?? '', step: step ?? ('latest' as const) } : await readManifest(store, checkpoint);
  return { store, run: named.run, step: named.step, onWarning };
}

async function namedClassifier(store: ObjectStore, reference: string, onWarning: (message: string) => void): Promise<NoisyClassifier> {
  const { manifest } = await resolveCheckpoint(store, reference, onWarning);
  return openClassifier({ store, run: manifest.run, step: manifest.step });
}
