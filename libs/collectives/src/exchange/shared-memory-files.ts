import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Memory that processes of one host share, as files. */
export const sharedMemoryFolder = '/dev/shm';

/** Whether this system has it. */
export const hasSharedMemory = (): boolean => existsSync(sharedMemoryFolder);

/** A new name that tells which process it belongs to: its pid, when that pid started, and in which namespace it counts. */
export function ownMemoryName(kind: 'arena' | 'sock'): string {
  return `langevin-${pidNamespace()}-${process.pid}-${startTime(process.pid) ?? 0}-${randomBytes(6).toString('hex')}.${kind}`;
}

/**
 * Removes what processes that were killed have left behind. Only names of this pid namespace are judged: pids of another
 * mean nothing here. A pid that was given again has another start time.
 */
export function removeDeadMemory(): void {
  const own = pidNamespace();
  for (const file of readdirSync(sharedMemoryFolder)) {
    const [, namespace, pid, started] = /^langevin-(\d+)-(\d+)-(\d+)-[0-9a-f]+\.(?:arena|sock)$/.exec(file) ?? [];
    if (namespace !== own || startTime(Number(pid)) === started) continue;
    try {
      unlinkSync(join(sharedMemoryFolder, file));
    } catch {
      // Another process that starts now has removed it, or it belongs to another user, who will.
    }
  }
}

function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)), in clock ticks since boot; undefined when there is no such process. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
