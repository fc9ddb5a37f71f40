import { LangevinError } from '@langevin/contracts';
import type { TensorSpecs } from './tensor-spec.js';

/**
 * Names of entries, inputs and state become parts of the names of nodes.
 * @throws LangevinError `invalid_argument` for one that cannot be such a part
 */
export function checkNames(state: TensorSpecs, inputs: Readonly<Record<string, TensorSpecs>>): void {
  const names = [...Object.keys(state), ...Object.keys(inputs), ...Object.values(inputs).flatMap((specs) => Object.keys(specs))];
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) throw new LangevinError('invalid_argument', `"${name}" cannot be a name: use letters, digits and _, a letter first`);
  }
  if (Object.hasOwn(inputs, 'state')) throw new LangevinError('invalid_argument', '"state" cannot be the name of an entry');
}
