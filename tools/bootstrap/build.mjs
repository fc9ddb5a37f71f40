import { join } from 'node:path';
import { BootstrapError } from './bootstrap-error.mjs';
import { runQuietly } from './run-quietly.mjs';
import { stage } from './stage.mjs';

/** Compiles a TypeScript project and all it refers to; what is up to date is left alone. */
export async function build(root, project) {
  await stage('built', async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, tail } = await runQuietly(process.execPath, [tsc, '--build', project], { cwd: root });
    if (code === 0) return;
    process.stderr.write(`${tail}\n`);
    throw new BootstrapError('the sources do not compile (see above)');
  });
}

/** Builds what the coordinator serves to browsers, unless it is up to date. */
export async function buildDashboard(root) {
  await stage('dashboard built', async () => {
    const { code, tail } = await runQuietly(process.execPath, [join(root, 'apps', 'dashboard', 'build.mjs')], { cwd: root });
    if (code === 0) return;
    process.stderr.write(`${tail}\n`);
    throw new BootstrapError('the dashboard does not build (see above)');
  });
}
