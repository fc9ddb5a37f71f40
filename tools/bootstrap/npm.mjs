import { spawnSync } from 'node:child_process';
import { BootstrapError } from './bootstrap-error.mjs';

/** How to call npm: the one that started this script, if any, else the one on the PATH. */
export function npmCommand() {
  const script = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(script)) return { command: process.execPath, args: [script] };
  if (spawnSync('npm', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new BootstrapError('npm is not on the PATH: it comes with Node; mend it with: nvm install 22   (Debian: sudo apt-get install -y npm)');
  }
  return { command: 'npm', args: [] };
}
