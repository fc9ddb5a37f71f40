// `npm run bench -- NAME [options]`: builds what a benchmark needs and runs benchmarks/NAME.mjs.
import { readdirSync } from 'node:fs';
import { checkNode } from './bootstrap/check-node.mjs';

/** What is built before a benchmark runs, where it is not the usual. */
const projects = { compress: ['apps/cli'], allreduce: ['libs/collectives', 'libs/tf-runtime'], leak: ['apps/trainer'], memory: ['apps/trainer'], step: ['apps/trainer', 'libs/client'], scale: ['apps/cli'] };
const usualProjects = ['libs/registry', 'libs/testing'];

async function main() {
  const { root } = await import('./bootstrap/workspace.mjs');
  const { BootstrapError } = await import('./bootstrap/bootstrap-error.mjs');
  const { installPackages } = await import('./bootstrap/install-packages.mjs');
  const { build } = await import('./bootstrap/build.mjs');
  const { runInForeground } = await import('./bootstrap/run-in-foreground.mjs');
  const [name, ...args] = process.argv.slice(2);
  const names = readdirSync(`${root}/benchmarks`).filter((file) => file !== 'comparison.mjs' && file.endsWith('.mjs')).map((file) => file.slice(0, -4));
  if (!names.includes(name)) throw new BootstrapError(`npm run bench: name a benchmark, as in npm run bench -- ${names[0]} --json; there is ${names.join(', ')}`);
  await installPackages(root);
  for (const project of projects[name] ?? usualProjects) await build(root, `${project}/tsconfig.lib.json`);
  return runInForeground(process.execPath, [`${root}/benchmarks/${name}.mjs`, ...args], { cwd: root });
}

checkNode();
import('./bootstrap/exit-with.mjs').then(({ exitWith }) => exitWith(main));
