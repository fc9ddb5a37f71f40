import { LangevinError } from '@langevin/contracts';

/**
 * Checks a path that came from a store: it must stay within the directory that it is joined to.
 * @throws LangevinError `object_corrupt` for an absolute path, or one that climbs
 */
export function innerPath(path: string): string {
  const parts = path.split('/');
  const isInner = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part));
  if (isInner) return path;
  throw new LangevinError('object_corrupt', `a file may not lie at ${JSON.stringify(path)}: its path leaves the directory`);
}
