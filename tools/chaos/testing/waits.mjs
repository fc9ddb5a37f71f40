// A child for specs: says that it is ready, and waits for ever. With `starts`, it starts another one like itself first.
import { spawn } from 'node:child_process';
import { setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
if (process.argv[2] === 'starts') spawn(process.execPath, [self], { stdio: 'ignore', detached: true });
if (process.argv[2] === 'refuses') {
  process.send({ kind: 'failed', message: 'no room' }, () => process.exit(1));
} else process.send?.({ kind: 'ready', facts: { address: 'here' } });
setInterval(() => undefined, 1000);
