import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
}

/** One row of /proc/PID/stat; the command name may hold spaces and parentheses, so fields count from the last ")". */
function parseStat(text: string): Row {
  const [state = '', parent = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid: Number.parseInt(text, 10), parent: Number(parent), zombie: state === 'Z' };
}

function readProc<T>(read: (pid: string) => T): T[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [read(pid)];
      } catch {
        return []; // It ended between the listing and the reading, or belongs to someone else.
      }
    });
}

function processTable(): Row[] {
  if (process.platform === 'linux') return readProc((pid) => parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent, state = ''] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), zombie: state.startsWith('Z') };
  });
}

/**
 * The living descendants of a process, nearest first, without itself. A child whose parent has ended belongs to init and is not found:
 * take `markedProcesses` for those.
 */
export function childProcesses(pid: number): number[] {
  const rows = processTable().filter((row) => !row.zombie);
  const found: number[] = [];
  let generation = [pid];
  while (generation.length > 0) {
    const parents = new Set(generation);
    generation = rows.filter((row) => parents.has(row.parent)).map((row) => row.pid);
    found.push(...generation);
  }
  return found;
}

/**
 * The living processes whose environment holds `NAME=value`: every descendant of the process that it was given to, even one that
 * started a session of its own or whose parent has ended. Linux only; elsewhere the list is empty.
 */
export function markedProcesses(name: string, value: string): number[] {
  if (process.platform !== 'linux') return [];
  const entry = `${name}=${value}`;
  return readProc((pid) => ({ pid: Number(pid), environment: readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0') }))
    .filter(({ pid, environment }) => pid !== process.pid && environment.includes(entry))
    .map(({ pid }) => pid);
}
