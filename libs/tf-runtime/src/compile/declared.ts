import { LangevinError } from '@langevin/contracts';

/**
 * What is known under the name of a piece of state.
 * @throws LangevinError `invalid_argument` when there is none of that name
 */
export function declared<T>(state: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(state, name) ? state[name] : undefined;
  if (found === undefined) throw new LangevinError('invalid_argument', `there is no state ${name}; there is ${Object.keys(state).join(', ') || 'none'}`);
  return found;
}
