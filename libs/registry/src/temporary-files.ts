import { randomBytes } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errnoOf } from './file-errors.js';

/** A write on another machine that shares the directory has ended, one way or the other, after this long. */
const foreignMs = 24 * 3600 * 1000;

const host = hostname().toLowerCase().replace(/[^a-z0-9-]/g, '-');

/** A fresh path in `folder` that says whose it is, so that a later process can tell whether the writer lives. */
export function temporaryPath(folder: string): string {
  return join(folder, `${process.pid}.${host}.${randomBytes(8).toString('hex')}`);
}

/**
 * Removes what crashed writers left in `folder`: files of dead processes of this machine, and files of other machines
 * that nobody has written to for a day.
 */
export async function sweepTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isAbandoned(path, name)) await remove(path);
  }
}

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const [pid, owner] = name.split('.');
  if (owner === host) return !isAlive(Number(pid));
  try {
    return Date.now() - (await stat(path)).mtimeMs > foreignMs;
  } catch {
    // Its owner has just removed it.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errnoOf(thrown) !== 'ESRCH';
  }
}

/** Removes a file; one that is gone already is fine. */
export async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
  }
}
