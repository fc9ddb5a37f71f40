import { join } from 'node:path';
import { BootstrapError } from './bootstrap-error.mjs';
import { runQuietly } from './run-quietly.mjs';
import { stage } from './stage.mjs';

/** Compiles a TypeScript project and all it refers to; what is up to date is left alone. */
export function build(root, project) {
  return make(root, 'built', [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--build', project], 'the sources do not compile');
}

/** Builds what the coordinator serves to browsers, unless it is up to date. */
export function buildDashboard(root) {
  return make(root, 'dashboard built', [join(root, 'apps', 'dashboard', 'build.mjs')], 'the dashboard does not build');
}

function make(root, title, args, complaint) {
  return stage(title, async () => {
    const { code, tail } = await runQuietly(process.execPath, args, { cwd: root });
    if (code === 0) return;
    process.stderr.write(`${tail}\n`);
    throw new BootstrapError(`${complaint} (see above)`);
  });
}
