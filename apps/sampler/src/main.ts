import { parseArgs } from 'node:util';
import { LangevinError } from '@langevin/contracts';
import { giveWay, runService, untilAborted } from '@langevin/processes';
import { parseCommand } from './commands.js';
import { Sampler } from './sampler.js';

/** The sampler as a process: `main.js --store LOCATION`. It draws what its parent asks for, one picture after the other. */
await runService('langevin sampler', async ({ signal, ready, tell }) => {
  const { values } = parseArgs({ options: { store: { type: 'string' } } });
  if (values.store === undefined) throw new LangevinError('invalid_argument', 'a sampler needs --store');
  // Training goes first.
  giveWay();
  const sampler = new Sampler({ store: values.store, tell, log: (line) => void process.stdout.write(`${line}\n`) });
  process.on('message', (message) => sampler.hear(parseCommand(message)));
  ready({});
  await untilAborted(signal);
});
