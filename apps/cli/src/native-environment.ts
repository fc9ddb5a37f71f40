import { availableParallelism } from 'node:os';
import { followParent, needsRelaunch, relaunch, runtimeEnvironment } from '@langevin/tf-runtime';

/**
 * Makes sure that this process has the environment in which TensorFlow is fast: starts it again with it when not.
 * @returns the exit code of the second process when there was one; otherwise `null`: go on here
 */
export async function enterNativeEnvironment(threads: number = availableParallelism()): Promise<number | null> {
  const environment = runtimeEnvironment({ threads });
  if (needsRelaunch(environment)) return relaunch(process.argv.slice(1), environment);
  followParent();
  return null;
}
