import { spawnSync } from 'node:child_process';
import { accessSync, constants, statfsSync } from 'node:fs';
import { BootstrapError } from './bootstrap-error.mjs';

/** What the packages (0.6 GB) and the tensor runtime (0.85 GB) take on the disk. */
const neededBytes = 1.5e9;

const answers = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** How this machine's package manager installs something. */
function installCommand({ apt, dnf, pacman, mac }) {
  if (process.platform === 'darwin') return mac;
  if (answers('apt-get', '--version')) return `sudo apt-get install -y ${apt}`;
  if (answers('dnf', '--version')) return `sudo dnf install -y ${dnf}`;
  if (answers('pacman', '--version')) return `sudo pacman -S ${pacman}`;
  return `your package manager: ${apt}`;
}

/** Refuses a machine on which Langevin cannot be installed: Windows, a folder that cannot be written, too little space. */
export function checkFolder(folder) {
  if (process.platform === 'win32') throw new BootstrapError('Windows is supported through WSL2: run `wsl --install`, then start again inside it');
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new BootstrapError(`${folder} cannot be written: clone Langevin into a folder of your own`);
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < neededBytes) {
    const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
    throw new BootstrapError(
      `too little space in ${folder}: ${gigabytes(bavail * bsize)} free, ${gigabytes(neededBytes)} needed. Free some, or clone Langevin onto a larger disk`,
    );
  }
}

/** Lines about what the fast tensor runtime needs and this machine lacks. Without it Langevin runs on WebAssembly, slower. */
export function missingForNative() {
  const lines = [];
  if (!answers('python3', '-m', 'pip', '--version') && !answers('pip3', '--version')) {
    const mend = installCommand({ apt: 'python3-pip', dnf: 'python3-pip', pacman: 'python-pip', mac: 'xcode-select --install' });
    lines.push(`no Python 3 with pip, which fetches TensorFlow; mend it with: ${mend}`);
  }
  if (!answers('g++', '--version') && !answers('c++', '--version')) {
    const mend = installCommand({ apt: 'g++', dnf: 'gcc-c++', pacman: 'gcc', mac: 'xcode-select --install' });
    lines.push(`no C++ compiler, which builds its binding; mend it with: ${mend}`);
  }
  return lines;
}
