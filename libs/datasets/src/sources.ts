import { LangevinError } from '@langevin/contracts';
import type { DatasetSource } from './dataset-source.js';
import { mnistDigits } from './mnist-digits.js';

const sources: readonly DatasetSource[] = [mnistDigits];

/** Names of the datasets that can be imported. */
export const knownDatasets: readonly string[] = sources.map(({ name }) => name);

/** @throws LangevinError `invalid_argument` for an unknown name, with those that are known */
export function findSource(name: string): DatasetSource {
  const source = sources.find((candidate) => candidate.name === name);
  if (source) return source;
  throw new LangevinError('invalid_argument', `there is no dataset "${name}" to import; there is ${knownDatasets.join(', ')}`);
}
