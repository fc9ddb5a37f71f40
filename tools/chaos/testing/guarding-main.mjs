// A harness for specs: starts a child that starts another, stops the child, says so, and waits to be killed.
import { setInterval } from 'node:timers';
import { Guard } from '../guard.mjs';
import { fixtures } from './fixtures.mjs';

const [log, made] = process.argv.slice(2);
const guard = new Guard();
guard.undoLater('rm', '-f', made);
const child = guard.start({ name: 'child', command: [process.execPath, fixtures.waits, 'starts'], log });
await child.ready;
child.signal('SIGSTOP');
process.stdout.write(`processes ${guard.processes().join(' ')}\n`);
setInterval(() => undefined, 1000);
