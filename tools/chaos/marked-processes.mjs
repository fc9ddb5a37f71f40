import { readFileSync, readdirSync } from 'node:fs';

/** The variable whose value every process of a run inherits. */
export const markName = 'LANGEVIN_CHAOS_RUN';

/** Living processes of a run, wherever in the process tree they are now. */
export function markedProcesses(mark) {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const isOne = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${markName}=${mark}`);
      return isOne && !isZombie(pid) ? [Number(pid)] : [];
    } catch {
      return []; // It ended between the listing and the reading, or belongs to someone else.
    }
  });
}

/** SIGKILL, which reaches stopped processes as well, until none is left: one may have been starting another as it was killed. */
export async function killMarked(mark) {
  if (mark === '') return;
  for (let left = markedProcesses(mark); left.length > 0; left = markedProcesses(mark)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function isZombie(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}
