// `npm run faults -- publish`: kills publishers at each step of their protocol, and looks at what they left.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitWith } from './bootstrap/exit-with.mjs';
import { runInForeground } from './bootstrap/run-in-foreground.mjs';
import { root } from './bootstrap/workspace.mjs';

const help = `Usage: npm run faults -- publish [options]

Kills (kill -9) publishers of checkpoints, model versions and alias moves: in the middle of each write to the store, and after each,
before they hear that it is done. After each kill it checks that what was committed is whole, that nothing else can be seen, and that
the same publication made again completes it. It ends with code 1, and names the round, when one of this does not hold.

Options:
  --kills N         kills at each step (default 50; there are 18 steps)
  --store LOCATION  an empty store: a directory, or s3://bucket/prefix?endpoint=URL (default: a folder that is removed at the end)
  --help            this text
`;

function readOptions(args) {
  const options = { kills: '50' };
  for (let i = 1; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, '');
    if (!['kills', 'store'].includes(name) || args[i + 1] === undefined) throw new Error(`unknown option ${args[i]}; --help shows what is possible`);
    options[name] = args[i + 1];
  }
  if (!/^[1-9]\d*$/.test(options.kills)) throw new Error(`--kills ${options.kills} is no number from 1 on`);
  return options;
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.length === 0) {
    process.stdout.write(help);
    return 0;
  }
  if (args[0] !== 'publish') throw new Error(`there are no faults "${args[0]}"; there is publish`);
  const { kills, store } = readOptions(args);
  const testing = join(root, 'libs/registry/src/testing');
  const folder = store === undefined ? await mkdtemp(join(tmpdir(), 'langevin-faults-')) : undefined;
  try {
    return await runInForeground(process.execPath, ['--conditions=@langevin/source', '-r', `${testing}/typescript-hook.cjs`, `${testing}/kill-publishers-main.cjs`, store ?? folder, kills]);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

exitWith(main);
