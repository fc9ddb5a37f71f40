// `npm run demo`: prepares a fresh clone, then runs `langevin demo`. Nothing but Node is needed to start it.
import { checkNode } from './bootstrap/check-node.mjs';

const help = `Usage: npm run demo -- [options]

Starts a coordinator and trainer processes on this machine, trains a small diffusion model on 9,000 real handwritten
digits, draws samples, and prints the commands that draw more. Its dashboard is there from the start; on a terminal it
stays until Ctrl-C. Set-up on a fresh machine downloads about 300 MB once.

Options:
  --quick          at most three minutes on two cores: a smaller job, 64 samples in 20 steps
  --trainers N     how many trainer processes (default 2); the weights are the same for every number
  --seed S         seed of the job (default: the recipe's)
  --data-dir DIR   where data, checkpoints and samples are kept; starting again there resumes
  --store WHERE    a directory or s3://bucket?endpoint=URL that keeps data and checkpoints instead
  --help           this text

Examples:
  npm run demo -- --quick
  npm run demo -- --trainers 3 --data-dir ./my-run
`;

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const root = (await import('./bootstrap/workspace.mjs')).root;
  const { installPackages } = await import('./bootstrap/install-packages.mjs');
  const { build, buildDashboard } = await import('./bootstrap/build.mjs');
  const { runInForeground } = await import('./bootstrap/run-in-foreground.mjs');
  await installPackages(root);
  await build(root, 'apps/cli/tsconfig.lib.json');
  await buildDashboard(root);
  return runInForeground(process.execPath, [`${root}/apps/cli/dist/main.js`, 'demo', ...args]);
}

checkNode();
import('./bootstrap/exit-with.mjs').then(({ exitWith }) => exitWith(main));
