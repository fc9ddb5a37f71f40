// `npm run profile -- RECIPE [options]`: builds what is needed and runs tools/profile/main.mjs in the environment of a trainer.
import { checkNode } from './bootstrap/check-node.mjs';

const help = `Usage: npm run profile -- RECIPE [options]

Shows where the time of one compiled step goes: TensorFlow's own times, by operation. RECIPE is the path of a job file, or the name
of one in recipes/ without its ending.

Options:
  --entry NAME   gradient (default): loss and gradient of one micro-batch; apply: Adam and the averaged weights;
                 sample: one denoising step of a batch of images
  --threads N    threads of TensorFlow (default 1, as a trainer has)
  --runs N       traced runs, of which the median is shown (default 9)
  --json         the same for programs
  --help         this text

Example:
  npm run profile -- digits-ddpm --entry gradient
`;

async function main() {
  const args = process.argv.slice(2);
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const { root } = await import('./bootstrap/workspace.mjs');
  const { installPackages } = await import('./bootstrap/install-packages.mjs');
  const { build } = await import('./bootstrap/build.mjs');
  const { runInForeground } = await import('./bootstrap/run-in-foreground.mjs');
  const { readOptions } = await import('./profile/options.mjs');
  const options = readOptions(root, args);
  await installPackages(root);
  for (const project of ['apps/trainer', 'libs/client']) await build(root, `${project}/tsconfig.lib.json`);
  const { runtimeEnvironment } = await import('@langevin/tf-runtime/process');
  const env = { ...process.env, ...runtimeEnvironment({ threads: options.threads, device: null }) };
  return runInForeground(process.execPath, [`${root}/tools/profile/main.mjs`, JSON.stringify(options)], { cwd: root, env });
}

checkNode();
import('./bootstrap/exit-with.mjs').then(({ exitWith }) => exitWith(main));
