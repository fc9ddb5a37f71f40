import { join } from 'node:path';
import { startProcess } from '@langevin/testing';

const project = join(__dirname, '..');

/** Builds the dashboard if a source has changed; resolves with the folder that is served. */
export async function builtDashboard(): Promise<string> {
  await using build = await startProcess(process.execPath, [join(project, 'build.mjs')], { cwd: project });
  const { code } = await build.exited;
  if (code !== 0) throw new Error(`the dashboard's build ended with code ${code}: ${build.stderr()}${build.stdout()}`);
  return join(project, 'dist/app');
}
