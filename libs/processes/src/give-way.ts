import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** The most there is: some processor time is left for this process even when all others want it. */
const niceness = 19;

/**
 * From now on the other processes of this machine go before this one. Linux weighs sessions first (sched(7), "The autogroup
 * feature"), and a service has a session of its own: the niceness of a process counts only within it.
 */
export function giveWay(): void {
  setPriority(niceness);
  try {
    writeFileSync('/proc/self/autogroup', String(niceness), { flag: 'r+' });
  } catch {
    // A system that has no such groups: niceness counts between all processes.
  }
}
