import { readFileSync } from 'node:fs';
import { LangevinError, parseYaml } from '@langevin/contracts';

/**
 * The values in a job specification file, not yet checked.
 * @throws LangevinError `invalid_argument` when the file cannot be read, `invalid_spec` with line and column for bad YAML
 */
export function readSpecFile(file: string): unknown {
  return parseYaml(readText(file));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LangevinError('invalid_argument', `cannot read the job specification ${file}: give the path of a YAML file`, { cause });
  }
}
