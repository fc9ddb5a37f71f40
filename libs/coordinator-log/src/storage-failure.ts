import { statfsSync } from 'node:fs';
import { LangevinError } from '@langevin/contracts';

/** The system's code of an error (`ENOENT` …), if it has one. By shape: an error of another realm is no instance of this one's Error. */
export function errnoOf(thrown: unknown): string | undefined {
  const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Turns what the file system threw into a LangevinError, in the words of the registry's stores, at once: what is logged is logged
 * between two events of a coordinator. `storage_full` when space or quota is used up, else `storage_failed`; a LangevinError passes through.
 *
 * @param doing what failed, with the path in it
 * @param neededBytes what the write needs
 */
export function storageFailure(thrown: unknown, folder: string, doing: string, neededBytes?: number): LangevinError {
  if (thrown instanceof LangevinError) return thrown;
  const code = errnoOf(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const need = neededBytes === undefined ? '' : ` needs ${neededBytes} bytes,`;
    const why = code === 'EDQUOT' ? ' (the quota is used up)' : '';
    return new LangevinError('storage_full', `no space: ${doing}${need}${freeText(folder)}${why}; free some space or choose another data directory`, { cause: thrown });
  }
  const { message } = LangevinError.from(thrown);
  return new LangevinError('storage_failed', `${doing} failed: ${message}; see that the disk is well and that this user may write there`, { cause: thrown });
}

function freeText(folder: string): string {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return ` ${bavail * bsize} bytes are free in ${folder}`;
  } catch {
    // Only words of a message: some network file systems have no such call.
    return '';
  }
}
