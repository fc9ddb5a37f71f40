import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Runs a command in the open; throws with its name when it fails. */
export function execute(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) throw new Error(`${command} did not start: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`);
}

/**
 * The Python of a virtual environment that holds exactly what a file of requirements lists; made when it is not there yet.
 * @param file its name in this folder
 * @param modules what must be there to import then
 * @param size what it costs, for people
 * Environments are named after the hash of their requirements and live in the cache, so a change makes a new one.
 */
export function interopPython(file, modules, size) {
  const requirements = new URL(file, import.meta.url).pathname;
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const cache = process.env.LANGEVIN_CACHE ?? join(homedir(), '.cache', 'langevin');
  const directory = join(cache, `interop-${hash}`);
  const python = join(directory, 'bin', 'python');
  const complete = join(directory, 'complete');
  if (existsSync(complete)) return python;
  checkPython();
  // To stderr: what is printed on stdout may be for a machine.
  console.error(`Making the Python environment in ${directory}: ${modules.join(' and ')}, about ${size}.`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  execute('python3', ['-m', 'venv', directory]);
  execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements]);
  execute(python, ['-c', `import ${modules.join(', ')}`]);
  const marker = `${complete}.${process.pid}`;
  execute(python, ['-c', `open(${JSON.stringify(marker)}, "w").close()`]);
  renameSync(marker, complete);
  return python;
}

function checkPython() {
  const { status, stdout } = spawnSync('python3', ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])'], { encoding: 'utf8' });
  if (status !== 0) throw new Error('python3 with the venv and ensurepip modules is needed (Debian, Ubuntu: apt-get install python3-venv)');
  const [major, minor] = stdout.trim().split(' ').map(Number);
  if (major !== 3 || minor < 11) throw new Error(`Python 3.11 or newer is needed, python3 is ${major}.${minor}`);
}
