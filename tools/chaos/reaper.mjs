// A process that outlives the harness by a moment: when its standard input ends, which it does however the harness ends, it kills every
// process that carries the run's mark, stopped ones too, and then takes back what was made. Started by guard.mjs; it reads JSON lines.
import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { killMarked } from './marked-processes.mjs';

const undo = [];
let mark = '';

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.mark !== undefined) mark = message.mark;
  if (message.undo !== undefined) undo.push(message.undo);
  if (message.undone !== undefined) undo.splice(undo.findIndex((command) => command.join(' ') === message.undone.join(' ')), 1);
}
await killMarked(mark);
for (const [command, ...args] of undo.reverse()) spawnSync(command, args, { stdio: 'ignore' });
