import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '@langevin/testing';

const project = join(__dirname, '..');
const output = join(project, 'dist/app');

/** Builds the dashboard unless it is newer than all its sources; resolves with its folder. */
export async function builtDashboard(): Promise<string> {
  const index = join(output, 'index.html');
  if (existsSync(index) && statSync(index).mtimeMs > newestSource()) return output;
  const vite = join(require.resolve('vite/package.json'), '../bin/vite.js');
  await using build = await startProcess(process.execPath, [vite, 'build'], { cwd: project });
  const { code } = await build.exited;
  if (code !== 0) throw new Error(`vite build ended with code ${code}: ${build.stderr()}${build.stdout()}`);
  return output;
}

function newestSource(): number {
  const sources = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => join(project, 'src', file));
  return Math.max(...[...sources, join(project, 'index.html'), join(project, 'vite.config.mjs')].map((file) => statSync(file).mtimeMs));
}
