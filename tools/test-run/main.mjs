import { root } from '../bootstrap/workspace.mjs';
import { installPackages } from '../bootstrap/install-packages.mjs';
import { asides, checks, prerequisites, thoroughChecks } from './checks.mjs';
import { browserProject, jestProjects, lanes, runJestProject } from './jest-projects.mjs';
import { help, parseOptions } from './options.mjs';
import { Tally } from './tally.mjs';

/** Runs the checks that were asked for, then the specs in their lanes; resolves with the exit code. Checks that only read run beside. */
export async function main(args) {
  const projects = jestProjects(root);
  const checkNames = Object.keys(checks);
  const projectNames = projects.map(({ name }) => name);
  const usualProjects = projectNames.filter((name) => name !== browserProject || process.env.CI);
  const usualChecks = checkNames.filter((name) => !thoroughChecks.includes(name) || process.env.CI);
  const options = parseOptions(args, { checkNames, usualChecks, projectNames, usualProjects, prerequisites });
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
  const runAll = async (row) => {
    for (const project of row) await tally.count(project.name, () => runJestProject(root, project));
  };
  for (const rows of lanes(projects.filter(({ name }) => options.projects.includes(name)))) await Promise.all(rows.map(runAll));
  await read;
  return tally.finish();
}
