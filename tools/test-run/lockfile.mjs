import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingOptionalPackages } from './optional-packages.mjs';
import { verdict } from './tally.mjs';

/** The lockfile holds the packages of every platform, without which `npm ci` refuses it. */
export async function lockfile(root) {
  const missing = missingOptionalPackages(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const names = [...missing.keys()].map((path) => path.replace('node_modules/', '')).join(', ');
  return verdict(missing.size === 0, `package-lock.json lacks ${names}; mend it with: npm run lockfile`);
}
