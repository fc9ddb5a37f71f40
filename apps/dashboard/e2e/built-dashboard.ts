import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Where the built dashboard lies. */
export const builtDashboard = join(__dirname, '../dist/app');

/** Builds the dashboard, once for all specs, if a source has changed. */
export default function buildDashboard(): void {
  const { status } = spawnSync(process.execPath, [join(__dirname, '../build.mjs')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the dashboard does not build (see above)');
}
