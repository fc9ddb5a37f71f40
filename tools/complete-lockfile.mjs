// `npm run lockfile`, after an `npm install`: puts the packages of all platforms into the lockfile, so that `npm ci` takes it anywhere.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap/workspace.mjs';
import { missingOptionalPackages } from './test-run/optional-packages.mjs';

const path = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingOptionalPackages(lock);
const entries = [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
process.stdout.write(`${missing.size} packages of other platforms added to package-lock.json\n`);
