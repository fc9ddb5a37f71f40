// Installs the S3 servers that specs and benchmarks talk to, MinIO and moto, into Langevin's cache: `npm run setup:stores`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => process.stderr.write(`${line}\n`);

/** Compiles the package (seconds when it is up to date) and loads it. */
async function loadPackage() {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const built = spawnSync(process.execPath, [tsc, '-b', 'libs/testing/tsconfig.lib.json'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (built.status !== 0) throw new Error('the workspace is not installed or does not compile: run `npm ci` first');
  return import(pathToFileURL(path.join(root, 'libs', 'testing', 'dist', 'index.js')).href);
}

try {
  const { installMinio, installMoto } = await loadPackage();
  const folders = [await installMinio(say), await installMoto(say)];
  say(`ready: ${folders.join(', ')}`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
