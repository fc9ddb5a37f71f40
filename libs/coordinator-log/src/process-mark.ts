import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errnoOf } from './storage-failure.js';

/** What tells one process from every other, also from later ones with its number. */
export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  /** Boot, namespace of process ids and start in clock ticks since boot (proc(5)); empty where there is no /proc. */
  readonly process: string;
}

/** The mark of this process. */
export function ownProcess(): ProcessMark {
  const start = startOf(process.pid);
  const place = ownPlace();
  return { host: hostname(), pid: process.pid, process: place === null || typeof start !== 'string' ? '' : `${place} ${start}` };
}

/** Whether a process still is. `unknown` when it cannot be told from here: another machine, another container, or a boot ago. */
export function fateOf({ host, pid, process: mark }: ProcessMark): 'alive' | 'dead' | 'unknown' {
  const at = mark.lastIndexOf(' ');
  if (at < 0) return host === hostname() && hasEnded(pid) ? 'dead' : 'unknown';
  if (mark.slice(0, at) !== ownPlace()) return 'unknown';
  const start = startOf(pid);
  if (start === undefined) return 'unknown';
  return start === mark.slice(at + 1) ? 'alive' : 'dead';
}

/** Process ids mean the same for all who share both. */
function ownPlace(): string | null {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux.
    return null;
  }
}

/** Null for a process that has ended, though its parent may not have taken note; `undefined` where the system does not say. */
function startOf(pid: number): string | null | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field may hold blanks and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
  } catch (thrown) {
    return ['ENOENT', 'ESRCH'].includes(errnoOf(thrown) ?? '') ? null : undefined;
  }
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return errnoOf(thrown) === 'ESRCH';
  }
}
