import { availableParallelism } from 'node:os';
import { devicesFor, followParent, needsRelaunch, relaunch, runtimeEnvironment } from '@langevin/tf-runtime/process';

/** Commands that compute in their own process. */
const computing = new Set(['demo', 'doctor', 'sample', 'compress', 'decompress', 'eval']);

/**
 * Makes sure that a command which computes has the environment in which TensorFlow is fast: starts this process again with it when
 * not, before anything else is loaded.
 * @returns the exit code of the second process when there was one; otherwise `null`: go on here
 */
export async function enterNativeEnvironment(command: string): Promise<number | null> {
  if (!computing.has(command)) return null;
  const [device] = await devicesFor('auto');
  const environment = runtimeEnvironment({ threads: availableParallelism(), device });
  if (needsRelaunch(environment)) return relaunch(process.argv.slice(1), environment);
  followParent();
  return null;
}
