import { root } from '../bootstrap/workspace.mjs';
import { installPackages } from '../bootstrap/install-packages.mjs';
import { asides, checks, prerequisites } from './checks.mjs';
import { jestProjects, runJestProject } from './jest-projects.mjs';
import { help, parseOptions } from './options.mjs';
import { Tally } from './tally.mjs';

/** Runs the checks that were asked for, one after the other but for those that only read; resolves with the exit code. */
export async function main(args) {
  const projects = jestProjects(root);
  const checkNames = Object.keys(checks);
  const projectNames = projects.map(({ name }) => name);
  const options = parseOptions(args, { checkNames, projectNames, prerequisites });
  if (options.help) {
    process.stdout.write(help(checkNames, projectNames));
    return 0;
  }
  await installPackages(root);

  const tally = new Tally();
  const count = (name) => tally.count(name, () => checks[name](root));
  let read = Promise.resolve();
  for (const name of options.checks) {
    if (asides.includes(name)) read = read.then(() => count(name));
    else await count(name);
  }
  for (const project of projects.filter(({ name }) => options.projects.includes(name))) {
    await tally.count(project.name, () => runJestProject(root, project));
  }
  await read;
  return tally.finish();
}
