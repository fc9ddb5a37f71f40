import { statfs } from 'node:fs/promises';
import { LangevinError } from '@langevin/contracts';

/** The system's code of an error (`ENOENT` …), if it has one. */
export function errnoOf(thrown: unknown): string | undefined {
  return textOf(thrown, 'code');
}

/** By shape, since an error of another realm is no instance of this one's Error. */
function textOf(thrown: unknown, key: 'code' | 'message'): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const text: unknown = Reflect.get(thrown, key);
  return typeof text === 'string' ? text : undefined;
}

/** Bytes that an ordinary user may still write where `path` lies; `undefined` if the system does not say. */
export async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    // Only words a message: some network file systems have no such call.
    return undefined;
  }
}

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'give this user permission to write there, or choose another data directory',
  EPERM: 'the file system refuses: it may lack hard links; choose a data directory on another one',
  ENOTSUP: 'the file system lacks hard links: choose a data directory on another one',
  EROFS: 'the file system is mounted read-only: choose another data directory',
  ENOTDIR: 'a part of the path is a file, not a folder: choose another data directory',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
};

/**
 * Turns what the file system threw into a LangevinError: `storage_full` when space or quota is used up, else
 * `storage_failed`. A LangevinError passes through.
 *
 * @param doing what failed, with the path in it
 * @param neededBytes what the write needs
 */
export async function storageError(thrown: unknown, root: string, doing: string, neededBytes?: number): Promise<LangevinError> {
  if (thrown instanceof LangevinError) return thrown;
  const code = errnoOf(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const free = await freeBytes(root);
    const need = neededBytes === undefined ? '' : ` needs ${neededBytes} bytes,`;
    const left = free === undefined ? '' : ` ${free} bytes are free in ${root}`;
    const why = code === 'EDQUOT' ? ' (the quota is used up)' : free !== undefined && neededBytes !== undefined && free > neededBytes ? ' (its inodes may be used up)' : '';
    return new LangevinError('storage_full', `no space: ${doing}${need}${left}${why}; free some space or choose another data directory`, { cause: thrown });
  }
  const message = textOf(thrown, 'message') ?? String(thrown);
  const remedy = code === undefined ? undefined : remedies[code];
  return new LangevinError('storage_failed', `${doing} failed: ${message}${remedy === undefined ? '' : `; ${remedy}`}`, { cause: thrown });
}
