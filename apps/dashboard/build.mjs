// Builds the dashboard into dist/app, unless it is newer than all that it is made of.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('.', import.meta.url));
const inputs = ['src', 'public', 'index.html', 'vite.config.mjs', 'package.json', '../../libs/contracts/src'];

/** When a file, or the newest file of a folder, changed: milliseconds since 1970; 0 for nothing. */
function changedMs(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => changedMs(join(path, name))));
}

const builtMs = changedMs(join(project, 'dist/app/index.html'));
if (builtMs <= Math.max(...inputs.map((input) => changedMs(join(project, input))))) {
  // Whatever runs this, tests too: what is served is what is shipped.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  // Aside, then in the place of the old one: what starts meanwhile, another build too, finds a whole one.
  const next = join(project, `dist/app.${process.pid}`);
  await build({ root: project, logLevel: 'warn', build: { outDir: next } });
  const old = `${next}.old`;
  mkdirSync(join(project, 'dist/app'), { recursive: true });
  renameSync(join(project, 'dist/app'), old);
  renameSync(next, join(project, 'dist/app'));
  rmSync(old, { recursive: true, force: true });
}
