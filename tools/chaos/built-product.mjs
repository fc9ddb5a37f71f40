import { resolve } from 'node:path';
import { build } from '../bootstrap/build.mjs';
import { installPackages } from '../bootstrap/install-packages.mjs';
import { root } from '../bootstrap/workspace.mjs';
import { langevin } from './product.mjs';

/** Langevin of this workspace, built if need be; or that of another workspace, which is built already. */
export async function builtProduct(workspace) {
  if (workspace !== undefined) return langevin(resolve(workspace));
  await installPackages(root);
  await build(root, 'apps/cli/tsconfig.lib.json');
  return langevin(root);
}
