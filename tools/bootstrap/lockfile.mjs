import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const stampOf = (root) => join(root, 'node_modules', '.langevin-lock');

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What must be installed here: the lockfile's content, for this platform. */
function lockDigest(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

/** Whether npm's own record of node_modules holds every package of the lockfile at its version (as after a plain `npm install`). */
function recordMatches(root) {
  const record = readText(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const locked = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  return locked
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && !entry.peer)
    .every(([path, { version, integrity }]) => path in installed && installed[path].version === version && installed[path].integrity === integrity);
}

/** Whether the packages of the lockfile are installed. */
export function isInstalled(root) {
  const stamp = readText(stampOf(root));
  if (stamp === lockDigest(root)) return true;
  if (!recordMatches(root)) return false;
  writeStamp(root);
  return true;
}

/** Notes that the packages of the lockfile are installed. */
export function writeStamp(root) {
  writeFileSync(stampOf(root), lockDigest(root));
}
