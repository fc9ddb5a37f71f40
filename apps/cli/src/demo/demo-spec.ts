import { createRequire } from 'node:module';
import { LangevinError, parseJobSpec, type JobSpec } from '@langevin/contracts';
import { readSpecFile } from '../spec-file.js';

/** What the demo may be asked for. */
export interface DemoOptions {
  readonly dataDir: string;
  readonly quick: boolean;
  readonly trainers: number;
  /** @default the recipe's */
  readonly seed?: number;
  /** File with another job to train than the built-in one; its model takes the labels of the ten digits. */
  readonly recipe?: string;
}

/** Steps of the quick demo: rough digits in about two minutes on two cores. */
const quickSteps = 120;
/** A short job wants an average over fewer steps. */
const quickMaxDecay = 0.95;

/**
 * The job of the demo: the recipe as it is, or a short version of it under another name.
 * @throws LangevinError `invalid_argument`, `invalid_spec` for a recipe that cannot be read or used
 */
export function demoSpec({ quick, trainers, seed, recipe: file }: DemoOptions): JobSpec {
  const recipe = parseJobSpec(readSpecFile(file ?? createRequire(import.meta.url).resolve('@langevin/recipes/digits-ddpm.yaml')));
  if (recipe.model.num_class_embeds === undefined) {
    throw new LangevinError('invalid_spec', `the demo draws the digits that it is asked for: set model.num_class_embeds to 11 in ${file}`);
  }
  const another = seed !== undefined && seed !== recipe.seed;
  const training = quick ? shortened(recipe.training) : recipe.training;
  return parseJobSpec({
    ...recipe,
    name: `${recipe.name}${quick ? '-quick' : ''}${another ? `-seed${seed}` : ''}`,
    seed: seed ?? recipe.seed,
    training,
    checkpoints: { everySteps: Math.ceil(training.steps / 4) },
    trainers: { min: trainers },
  });
}

function shortened({ steps: all, warmupSteps, ema, ...training }: JobSpec['training']): JobSpec['training'] {
  const steps = Math.min(all, quickSteps);
  return { ...training, steps, warmupSteps: Math.min(warmupSteps, steps), ema: { ...ema, maxDecay: Math.min(ema.maxDecay, quickMaxDecay) } };
}
