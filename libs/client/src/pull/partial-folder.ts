import { mkdir, readdir, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from './errno.js';

const host = hostname().toLowerCase().replace(/[^a-z0-9-]/g, '-');
const inUse = new Set<string>();

/** A folder beside the target that nobody else writes to, with what an interrupted pull left in it. */
export interface PartialFolder extends Disposable {
  readonly path: string;
}

/**
 * The folder in which a pull collects its files: `<target>.partial-<id>.<process>.<host>`. One that a dead process of this
 * machine left is taken over by rename(2), which only one of several takers survives.
 *
 * @param id names what is pulled; only equal contents may share an id
 */
export async function partialFolder(target: string, id: string): Promise<PartialFolder> {
  const folder = dirname(target);
  const prefix = `${basename(target)}.partial-${id}.`;
  const path = freePath(join(folder, `${prefix}${process.pid}`));
  inUse.add(path);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !isAbandoned(join(folder, name), name.slice(prefix.length))) continue;
    if (await takeOver(join(folder, name), path)) break;
  }
  await mkdir(path, { recursive: true });
  return { path, [Symbol.dispose]: () => void inUse.delete(path) };
}

/** Two pulls of one process get folders of their own. */
function freePath(start: string): string {
  for (let count = 0; ; count++) {
    const path = `${start}${count === 0 ? '' : `-${count}`}.${host}`;
    if (!inUse.has(path)) return path;
  }
}

function isAbandoned(path: string, owner: string): boolean {
  const [, pid, at] = /^(\d+)(?:-\d+)?\.([a-z0-9-]+)$/.exec(owner) ?? [];
  if (at !== host || inUse.has(path)) return false;
  // A number of this very process, and not in use by it: one of another container, or of an earlier boot.
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errnoOf(thrown) !== 'ESRCH';
  }
}

async function takeOver(from: string, to: string): Promise<boolean> {
  try {
    if (from !== to) await rename(from, to);
    return true;
  } catch (thrown) {
    // Another pull was faster.
    if (errnoOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}
