import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';

/**
 * Writes a file whole or not at all, in place of one that is there. Folders above it are created.
 * @throws LangevinError `storage_full`, `storage_failed` with the path
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const target = resolve(path);
  const temporary = temporaryBeside(target);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw writeError(thrown, target);
  }
}

/** A fresh path in the folder of `target`, so that a rename moves nothing between file systems. */
export function temporaryBeside(target: string): string {
  return `${target}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
}

/** What the file system threw while `path` was written, as a LangevinError; one that is already passes through. */
export function writeError(thrown: unknown, path: string): LangevinError {
  if (thrown instanceof LangevinError) return thrown;
  // By shape: an error of another realm is no instance of this one's Error.
  const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LangevinError('storage_full', `no space to write ${path}; free some, or write elsewhere`, { cause: thrown });
  }
  const reason = LangevinError.from(thrown).message;
  return new LangevinError('storage_failed', `cannot write ${path}: ${reason}; choose a path that this user may write`, { cause: thrown });
}
