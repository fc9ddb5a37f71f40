import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Clock ticks a second in /proc: fixed for programs, whatever the kernel does. */
const ticks = 100;

/** Share of one processor below which processes count as idle: heartbeats are sent all the time. */
const idleCpu = 0.1;

const idleProbeMs = 300;
const idleLimitMs = 30_000;

/** Seconds of processor that this process and all that it has started, and that still live, have taken. */
export function ownSeconds() {
  const table = new Map(readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? readProcess(pid) : [])));
  const isOwn = (pid) => pid === process.pid || (table.has(pid) && isOwn(table.get(pid).parent));
  return [...table].reduce((sum, [pid, { seconds }]) => (isOwn(pid) ? sum + seconds : sum), 0);
}

/** Resolves when none of them computes any more. @throws Error when one still does after half a minute */
export async function untilIdle() {
  const giveUpAtMs = performance.now() + idleLimitMs;
  for (let before = ownSeconds(); performance.now() < giveUpAtMs; ) {
    await sleep(idleProbeMs);
    const now = ownSeconds();
    if (now - before < (idleCpu * idleProbeMs) / 1000) return;
    before = now;
  }
  throw new Error('the processes still compute, though nobody has asked them to');
}

function readProcess(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return []; // It has ended meanwhile.
  }
  // Behind the name, which may hold anything, in parentheses: state, parent, …, and as 12th and 13th user and system time.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return [[Number(pid), { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / ticks }]];
}
