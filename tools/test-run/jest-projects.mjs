import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { supervise } from './supervise.mjs';

/** Specs that need a browser. They run where `npm test` may expect one: in continuous integration, and where they are named. */
export const browserProject = 'e2e';

/** Most of its specs start clusters and wait for them: they take as long as all others together, which run beside them. */
const longestProject = 'cli';

/** Rows of projects to run at the same time, each row one after the other; a browser is the last, alone. */
export function lanes(projects) {
  const named = (...names) => projects.filter(({ name }) => names.includes(name));
  const others = projects.filter(({ name }) => name !== longestProject && name !== browserProject);
  return [[named(longestProject), others], [named(browserProject)]];
}

/** Everything with specs: name, path and jest's configuration, libraries first, the checks of the workspace itself and the browser last. */
export function jestProjects(root) {
  const project = (name, path, config = 'jest.config.cjs') => ({ name, path, config });
  const inside = (parent) => readdirSync(join(root, parent)).map((name) => project(name, join(root, parent, name)));
  const browser = project(browserProject, join(root, 'apps', 'dashboard'), 'jest.e2e.config.cjs');
  return [...inside('libs'), ...inside('apps'), project('tools', join(root, 'tools')), browser].filter(({ path, config }) => existsSync(join(path, config)));
}

function readCounts(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Runs one project's specs. Without counts (jest crashed, or found no spec) and with processes left behind it has failed. */
export async function runJestProject(root, { name, path, config = 'jest.config.cjs' }) {
  const countsPath = join(root, 'tmp', 'test-results', `${name}.json`);
  rmSync(countsPath, { force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { code, output, leftovers } = await supervise(process.execPath, [jest, `--config=${config}`, '--maxWorkers=2'], { cwd: path });
  const counts = readCounts(countsPath) ?? { passed: 0, failed: 0, skipped: 0 };
  // A test that failed is counted already; jest's exit code then says nothing new.
  const unexplained = code !== 0 && counts.failed === 0 ? 1 : 0;
  const failed = counts.failed + unexplained + (leftovers.length > 0 ? 1 : 0);
  return { ...counts, failed, output: [output, ...leftovers].join('\n'), note: '' };
}
