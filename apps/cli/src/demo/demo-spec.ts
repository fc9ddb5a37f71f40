import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseJobSpec, parseYaml, type JobSpec } from '@langevin/contracts';

/** What the demo may be asked for. */
export interface DemoOptions {
  readonly dataDir: string;
  readonly quick: boolean;
  readonly trainers: number;
  readonly seed: number;
}

/** Steps of the quick demo: rough digits in about two minutes on two cores. */
const quickSteps = 140;

/** The job of the demo: the recipe as it is, or a short version of it under another name. */
export function demoSpec({ quick, trainers, seed }: DemoOptions): JobSpec {
  const recipe = parseJobSpec(parseYaml(readFileSync(createRequire(import.meta.url).resolve('@langevin/recipes/digits-ddpm.yaml'), 'utf8')));
  const suffix = `${quick ? '-quick' : ''}${seed === recipe.seed ? '' : `-seed${seed}`}`;
  const training = quick ? { ...recipe.training, steps: quickSteps, ema: { ...recipe.training.ema, maxDecay: 0.95 } } : recipe.training;
  return parseJobSpec({
    ...recipe,
    name: `${recipe.name}${suffix}`,
    seed,
    training,
    checkpoints: { everySteps: Math.ceil(training.steps / 4) },
    trainers: { min: trainers },
  });
}
