import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { supervise } from './supervise.mjs';

/** Every folder with specs: name and path, libraries first, the checks of the workspace itself last. */
export function jestProjects(root) {
  const inside = (parent) => readdirSync(join(root, parent)).map((name) => ({ name, path: join(root, parent, name) }));
  const folders = [...inside('libs'), ...inside('apps'), { name: 'tools', path: join(root, 'tools') }];
  return folders.filter(({ path }) => existsSync(join(path, 'jest.config.cjs')));
}

function readCounts(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Runs one project's specs. Without counts (jest crashed, or found no spec) and with processes left behind it has failed. */
export async function runJestProject(root, { name, path }) {
  const countsPath = join(root, 'tmp', 'test-results', `${name}.json`);
  rmSync(countsPath, { force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { code, output, leftovers } = await supervise(process.execPath, [jest, '--maxWorkers=2'], { cwd: path });
  const counts = readCounts(countsPath) ?? { passed: 0, failed: 0, skipped: 0 };
  // A test that failed is counted already; jest's exit code then says nothing new.
  const unexplained = code !== 0 && counts.failed === 0 ? 1 : 0;
  const failed = counts.failed + unexplained + (leftovers.length > 0 ? 1 : 0);
  return { ...counts, failed, output: [output, ...leftovers].join('\n'), note: '' };
}
