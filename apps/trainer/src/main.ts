import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LangevinError } from '@langevin/contracts';
import { runService } from '@langevin/processes';
import { loadTls } from '@langevin/rpc';
import { runTrainer } from './trainer.js';
import { version } from './version.js';

/**
 * The trainer as a process: `main.js --coordinator HOST:PORT --token-file FILE --name NAME --cache FOLDER [--tls FOLDER]
 * [--host ADDRESS] [--port PORT] [--exchange-port PORT] [--advertise HOST[:PORT]] [--insecure] [--ledger FOLDER]`.
 */
await runService('langevin trainer', async ({ signal, ready }) => {
  const { values } = parseArgs({
    options: {
      coordinator: { type: 'string' },
      'token-file': { type: 'string' },
      name: { type: 'string' },
      cache: { type: 'string' },
      tls: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      'exchange-port': { type: 'string', default: '0' },
      advertise: { type: 'string' },
      insecure: { type: 'boolean', default: false },
      ledger: { type: 'string' },
    },
  });
  const { coordinator, name, cache, host, advertise, insecure, ledger } = values;
  if (!coordinator || !name || !cache || !values['token-file']) {
    throw new LangevinError('invalid_argument', 'a trainer needs --coordinator, --token-file, --name and --cache');
  }
  const token = readFileSync(values['token-file'], 'utf8').trim();
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  const tls = values.tls === undefined ? undefined : loadTls(values.tls, new Date());
  const listen = { host, port: Number(values.port), exchangePort: Number(values['exchange-port']), advertise, insecure };
  await runTrainer({ coordinator, token, name, cacheFolder: cache, version, log, tls, listen, ledger, clock: () => performance.now(), onAttached: () => ready({ name }) }, signal);
});
