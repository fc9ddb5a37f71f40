import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { isRuntimeComplete } from './runtime-cache.js';

/** Part of a build folder's name: the machine, as several may share one cache. */
const buildMark = () => `.building-${os.hostname()}-`;

/** A new name, beside the runtime's own folder, for this process to build in. */
export function buildDirectory(directory: string, pid: number = process.pid): string {
  return `${directory}${buildMark()}${pid}-${randomUUID().slice(0, 8)}`;
}

/**
 * Renames a finished build into place; one that another process finished first is as good.
 * @throws LangevinError `storage_failed` when the folder cannot be moved.
 */
export async function publishRuntime(building: string, directory: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await rename(building, directory);
      return;
    } catch (cause) {
      if (isRuntimeComplete(directory)) return;
      if (attempt > 0) throw new LangevinError('storage_failed', `cannot move the runtime to ${directory}: ${String(cause)}`, { cause });
      // Something incomplete stands there, put by no process of ours: a rename only replaces empty folders.
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** Removes the unfinished builds beside `directory` whose processes, on this machine, are gone. */
export async function removeAbandoned(directory: string): Promise<void> {
  const parent = path.dirname(directory);
  await mkdir(parent, { recursive: true });
  const mine = buildMark();
  for (const name of readdirSync(parent)) {
    const at = name.indexOf(mine);
    if (at < 0 || isAlive(Number.parseInt(name.slice(at + mine.length), 10))) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
