import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LangevinError } from '@langevin/contracts';
import { runService } from '@langevin/processes';
import { runTrainer } from './trainer.js';
import { version } from './version.js';

/** The trainer as a process: `main.js --coordinator HOST:PORT --token-file FILE --name NAME --cache FOLDER`. */
await runService('langevin trainer', async ({ signal, ready }) => {
  const { values } = parseArgs({
    options: {
      coordinator: { type: 'string' },
      'token-file': { type: 'string' },
      name: { type: 'string' },
      cache: { type: 'string' },
    },
  });
  const { coordinator, name, cache } = values;
  if (!coordinator || !name || !cache || !values['token-file']) {
    throw new LangevinError('invalid_argument', 'a trainer needs --coordinator, --token-file, --name and --cache');
  }
  const token = readFileSync(values['token-file'], 'utf8').trim();
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  await runTrainer({ coordinator, token, name, cacheFolder: cache, version, log, onAttached: () => ready({ name }) }, signal);
});
