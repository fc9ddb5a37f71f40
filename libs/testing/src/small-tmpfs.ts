import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LangevinError } from '@langevin/contracts';
import { temporaryFolder } from './temporary-folder.js';
import type { TemporaryFolder } from './temporary-folder.js';

const run = promisify(execFile);

/**
 * Mounts a file system in memory that holds only so many megabytes, to see what a full disk does; unmounted when disposed.
 * Mounting needs root on Linux: elsewhere it throws `unsupported`, which a spec may take as the reason to skip.
 *
 * @param megabytes size of the file system in MiB, at least 1
 */
export async function smallTmpfs(megabytes: number): Promise<TemporaryFolder> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new LangevinError('unsupported', `a tmpfs of ${megabytes} MiB needs root on Linux; this is ${process.platform}, uid ${process.getuid?.()}`);
  }
  const folder = await temporaryFolder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder.path]);
  } catch (cause) {
    await folder[Symbol.asyncDispose]();
    throw new LangevinError('unsupported', `mounting a tmpfs of ${megabytes} MiB at ${folder.path} was refused`, { cause });
  }
  return {
    path: folder.path,
    [Symbol.asyncDispose]: async () => {
      // Lazily: a process that still has a file open there must not keep the mount point in the way.
      await run('umount', ['-l', folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}
