import { link, lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { errnoOf } from './file-errors.js';
import { bodyPieces, bodySize } from './object-body.js';
import type { ObjectBody, PutResult } from './object-store.js';
import { remove } from './temporary-files.js';

/** Writes `body` to a new file and returns when the disk has it. */
export async function writeDurably(path: string, body: ObjectBody): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let written = 0;
    for await (const piece of bodyPieces(body)) {
      await file.writeFile(piece);
      written += piece.byteLength;
    }
    if (written !== bodySize(body)) {
      throw new LangevinError('storage_failed', `a body of ${bodySize(body)} bytes was announced, ${written} came: it changed while it was read`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Gives the finished file `from` the name `to`, durably: by link(2), which fails if the name is taken, or by
 * rename(2), which replaces. `from` is gone afterwards.
 */
export async function publishFile(from: string, to: string, ifAbsent: boolean): Promise<PutResult> {
  await makeFolder(dirname(to));
  if (!ifAbsent) {
    await rename(from, to);
    await syncFolder(dirname(to));
    return 'written';
  }
  try {
    await link(from, to);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EEXIST') throw thrown;
    // The winner's link may not be on disk yet, and the caller is about to rely on it.
    await syncFolder(dirname(to));
    return 'exists';
  } finally {
    await remove(from);
  }
  await syncFolder(dirname(to));
  return 'written';
}

/** Removes the file `path`, durably. Throws what unlink(2) says: `ENOENT`, or `EISDIR` for a folder. */
export async function unpublishFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (thrown) {
    // POSIX has EPERM for a folder, Linux EISDIR.
    if (errnoOf(thrown) === 'EPERM' && (await lstat(path)).isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** Creates a folder and those above it; each new one survives a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) await syncFolder(dirname(folder));
}

/** Makes the names in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
