import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a process of the product loads, besides packages of others. */
const parts = ['apps', 'libs', 'protos'];
const isLoaded = (path) => !/(^|\/)(src|node_modules|e2e|dev)(\/|$)/.test(path);

/**
 * Copies what is built in a workspace to a folder, with some lines of it changed: a product with a defect. Packages of others are linked.
 * @param changes - `[{ file, from, to }]`: `file` from the root of the workspace; `from` has to stand in it exactly once
 * @throws Error that names a change that does not fit any more
 */
export function plantedCopy(root, folder, changes) {
  rmSync(folder, { recursive: true, force: true });
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true, filter: (source) => isLoaded(relative(root, source)) });
  linkPackages(root, folder);
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  for (const { file, from, to } of changes) {
    const text = readFileSync(join(folder, file), 'utf8');
    const times = text.split(from).length - 1;
    if (times !== 1) throw new Error(`${file} has ${JSON.stringify(from)} ${times} times instead of once: the defect cannot be planted`);
    writeFileSync(join(folder, file), text.replace(from, () => to));
  }
  return folder;
}

/** Our own packages are those of the copy, all others those of the workspace. */
function linkPackages(root, folder) {
  const [theirs, ours] = [join(root, 'node_modules'), join(folder, 'node_modules')];
  mkdirSync(join(ours, '@langevin'), { recursive: true });
  for (const name of readdirSync(theirs)) if (name !== '@langevin' && name !== '.bin') symlinkSync(join(theirs, name), join(ours, name));
  for (const name of readdirSync(join(theirs, '@langevin'))) {
    const place = relative(realpathSync(root), realpathSync(join(theirs, '@langevin', name)));
    symlinkSync(join(folder, place), join(ours, '@langevin', name));
  }
  for (const part of ['apps', 'libs']) {
    for (const name of readdirSync(join(root, part))) {
      const own = join(root, part, name, 'node_modules');
      if (existsSync(own) && existsSync(join(folder, part, name))) symlinkSync(own, join(folder, part, name, 'node_modules'));
    }
  }
}
