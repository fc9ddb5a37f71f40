import { chaos } from './chaos.mjs';
import { generated } from './generated.mjs';
import { graph } from './graph.mjs';
import { lockfile } from './lockfile.mjs';
import { runtime } from './runtime.mjs';
import { stores } from './stores.mjs';
import { structure } from './structure.mjs';
import { supervise } from './supervise.mjs';
import { verdict } from './tally.mjs';

/** A check that is one command: its exit code is the verdict. */
const command =
  (packageBin, ...args) =>
  async (root) => {
    const { code, output, leftovers } = await supervise(process.execPath, [`${root}/node_modules/${packageBin}`, ...args], { cwd: root });
    return verdict(code === 0 && leftovers.length === 0, [output, ...leftovers].join('\n'));
  };

const nx = 'nx/dist/bin/nx.js';

/** Every check that is not a jest project, in the order in which they run. Each takes the workspace's path and counts as one test. */
export const checks = {
  lockfile,
  graph,
  sync: command(nx, 'sync:check'),
  // Before `generated`, whose copies it would find.
  knip: command('knip/bin/knip.js', '--no-progress'),
  structure,
  // One process for all packages: a quarter of the time of one a package. The boundary rule reads the graph that `graph` has just made.
  lint: command('eslint/bin/eslint.js', '.'),
  types: command('typescript/bin/tsc', '--build', '--pretty', 'false'),
  generated,
  runtime,
  stores,
  chaos,
};

/** Checks that run where continuous integration does, or where they are named. */
export const thoroughChecks = ['chaos'];

/** Checks that only read sources, on one core: they run beside all that comes after them. */
export const asides = ['knip', 'structure', 'lint'];

/**
 * What must have run before a check: specs and chaos start real processes from what `types` has built, and need the tensor runtime; specs need the S3 servers too.
 */
export const prerequisites = { lint: ['graph'], chaos: ['types', 'runtime'], unit: ['types', 'runtime', 'stores'] };
