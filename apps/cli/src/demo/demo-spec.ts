import { createRequire } from 'node:module';
import { isDenoiserJob, LangevinError, parseJobSpec, type JobSpec } from '@langevin/contracts';
import { readSpecFile } from '../spec-file.js';

/** What the demo may be asked for. */
export interface DemoOptions {
  readonly dataDir: string;
  /** Location of the store. @default that of the data folder */
  readonly store?: string;
  /** A smaller network, fewer digits drawn and a shorter look at them. */
  readonly quick: boolean;
  readonly trainers: number;
  /** @default the recipe's */
  readonly seed?: number;
  /** File with another job to train than the built-in one; its model takes the labels of the ten digits. */
  readonly recipe?: string;
}

/**
 * The job of the demo: a recipe as it is, but for its seed and the number of trainers.
 * @throws LangevinError `invalid_argument`, `invalid_spec` for a recipe that cannot be read or used
 */
export function demoSpec({ quick, trainers, seed, recipe: file }: DemoOptions): JobSpec {
  const builtIn = `@langevin/recipes/${quick ? 'digits-quick' : 'digits-ddpm'}.yaml`;
  const recipe = parseJobSpec(readSpecFile(file ?? createRequire(import.meta.url).resolve(builtIn)));
  if (!isDenoiserJob(recipe) || recipe.model.num_class_embeds === undefined) {
    throw new LangevinError('invalid_spec', `the demo draws the digits that it is asked for: set model.num_class_embeds to 11 in ${file}`);
  }
  const another = seed !== undefined && seed !== recipe.seed;
  return parseJobSpec({
    ...recipe,
    name: another ? `${recipe.name}-seed${seed}` : recipe.name,
    seed: seed ?? recipe.seed,
    trainers: { min: trainers },
  });
}
