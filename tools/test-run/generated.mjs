import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { supervise } from './supervise.mjs';
import { verdict } from './tally.mjs';

/** Digest of every generated file, by path. Works in a dirty tree, where `git diff` would not. */
function digests(root) {
  const found = new Map();
  for (const parent of ['libs', 'apps'].flatMap((name) => readdirSync(join(root, name)).map((child) => join(root, name, child)))) {
    const folder = join(parent, 'src', 'gen');
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      found.set(relative(root, path), createHash('sha256').update(readFileSync(path)).digest('hex'));
    }
  }
  return found;
}

/** Regenerates the generated sources; they must come out as they were. */
export async function generated(root) {
  const before = digests(root);
  const args = [`${root}/node_modules/nx/dist/bin/nx.js`, 'run-many', '-t', 'generate', '--skip-nx-cache', '--output-style=static'];
  const { code, output } = await supervise(process.execPath, args, { cwd: root });
  if (code !== 0) return verdict(false, output);
  const after = digests(root);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
  const lines = changed.map((path) => `${path}: generated anew just now, it was stale; commit it`);
  return verdict(changed.length === 0, lines.join('\n'), `${after.size} files`);
}
