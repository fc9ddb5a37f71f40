import { mkdir, open, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { blobKey, type ObjectStore } from '@langevin/registry';
import { writeError } from '../replace-file.js';
import { downloadBlob } from './download-blob.js';
import { errnoOf } from './errno.js';
import { checkHeld, plannedRef } from './held-files.js';
import { innerPath } from './inner-path.js';
import { partialFolder } from './partial-folder.js';
import type { PullPlan, PullProgress, PullResult } from './pull-plan.js';

/** How files are pulled. */
export interface PullOptions {
  readonly onProgress?: (progress: PullProgress) => void;
  /** Stops the pull; the same pull goes on from there later. */
  readonly signal?: AbortSignal;
}

/**
 * Makes `directory` what the plan says: all of it or nothing. Files are collected in a folder beside it, which gets its name by
 * rename(2) when every byte is checked and on disk. After an interruption the same pull finds that folder again.
 *
 * @throws LangevinError `object_exists` when the directory holds something else; `object_corrupt` naming the damaged file, there or
 * in the store; `storage_full`, `storage_failed`; `cancelled`; the store's own errors
 */
export async function pullFiles(store: ObjectStore, plan: PullPlan, directory: string, options: PullOptions = {}): Promise<PullResult> {
  const target = resolve(directory);
  for (const { path } of plan.files) innerPath(path);
  const bytes = plan.files.reduce((sum, file) => sum + plannedRef(file).size, 0) + plan.label.content.byteLength;
  const result = { directory: target, bytes };
  if (await isHeld(plan, target)) return { ...result, status: 'same', fetchedBytes: 0 };
  try {
    using partial = await partialFolder(target, plan.id);
    const fetchedBytes = await collect(store, plan, partial.path, options);
    if (await publish(partial.path, target)) return { ...result, status: 'pulled', fetchedBytes };
    // Somebody filled the directory meanwhile.
    if (!(await isHeld(plan, target))) throw occupied(target, await readdir(target));
    await rm(partial.path, { recursive: true });
    return { ...result, status: 'same', fetchedBytes };
  } catch (thrown) {
    throw asPullError(thrown, target);
  }
}

/** Whether the directory holds the plan already. */
async function isHeld(plan: PullPlan, target: string): Promise<boolean> {
  let names: string[];
  try {
    names = await readdir(target);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return false;
    if (errnoOf(thrown) === 'ENOTDIR') throw new LangevinError('object_exists', `${target} is a file; name a new or empty directory`, { cause: thrown });
    throw writeError(thrown, target);
  }
  if (names.length === 0) return false;
  if (!names.includes(plan.label.path) || !plan.label.same(await readFile(join(target, plan.label.path)))) throw occupied(target, names);
  await checkHeld(plan, target);
  return true;
}

async function collect(store: ObjectStore, plan: PullPlan, folder: string, { onProgress, signal }: PullOptions): Promise<number> {
  const totalBytes = plan.files.reduce((sum, file) => sum + ('blob' in file ? file.blob.size : 0), 0);
  await checkSpace(plan, folder, totalBytes);
  let finished = 0;
  let fetched = 0;
  for (const file of plan.files) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    if (!('blob' in file)) {
      await writeSynced(path, file.content);
      continue;
    }
    await downloadBlob(store, file.blob, blobKey(file.blob.digest), path, {
      name: file.path,
      onSize: (size) => onProgress?.({ file: file.path, bytes: finished + size, totalBytes }),
      onFetched: (size) => (fetched += size),
      ...(signal && { signal }),
    });
    finished += file.blob.size;
  }
  await writeSynced(join(folder, plan.label.path), plan.label.content);
  for (const path of new Set(plan.files.map((file) => dirname(join(folder, file.path))))) await syncFolder(path);
  return fetched;
}

/** A disk that cannot take the whole is not filled with a part. */
async function checkSpace({ files }: PullPlan, folder: string, totalBytes: number): Promise<void> {
  const sizes = await Promise.all(files.map((file) => ('blob' in file ? sizeOf(join(folder, file.path)) : 0)));
  const missing = totalBytes - sizes.reduce((sum, size) => sum + size, 0);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (missing <= free) return;
  throw new LangevinError('storage_full', `no space: ${missing} bytes are still to be written beside ${folder}, ${free} are free; free some, or name a directory on another disk`);
}

async function sizeOf(path: string): Promise<number> {
  try {
    await using file = await open(path, 'r');
    return (await file.stat()).size;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return 0;
    throw thrown;
  }
}

/** @returns whether the folder got the name; false when that is taken by a directory that holds something */
async function publish(folder: string, target: string): Promise<boolean> {
  await syncFolder(folder);
  try {
    // rename(2) replaces an empty directory, and refuses one that has been filled meanwhile.
    await rename(folder, target);
  } catch (thrown) {
    if (['ENOTEMPTY', 'EEXIST'].includes(errnoOf(thrown) ?? '')) return false;
    throw thrown;
  }
  await syncFolder(dirname(target));
  return true;
}

async function writeSynced(path: string, content: Uint8Array): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(content);
  await file.sync();
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

function occupied(target: string, names: readonly string[]): LangevinError {
  return new LangevinError('object_exists', `${target} holds something else already (${names.length} entries, e.g. ${names[0] ?? ''}); name a new or empty directory`);
}

function asPullError(thrown: unknown, target: string): LangevinError {
  const error = writeError(thrown, target);
  if (error.code !== 'storage_full' || thrown === error) return error;
  return new LangevinError('storage_full', `no space left while ${target} was pulled; free some and repeat the command: it goes on where it stopped`, { cause: thrown });
}
