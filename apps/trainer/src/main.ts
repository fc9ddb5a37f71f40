import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ExchangeTransport } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { runService } from '@langevin/processes';
import { loadTls } from '@langevin/rpc';
import { runTrainer } from './trainer.js';
import { version } from './version.js';

/**
 * The trainer as a process: `main.js --coordinator HOST:PORT --token-file FILE --name NAME --cache FOLDER [--tls FOLDER]
 * [--host ADDRESS] [--port PORT] [--exchange-port PORT] [--exchange-advertise HOST:PORT] [--transport shm|tcp|grpc]
 * [--advertise HOST[:PORT]] [--insecure] [--ledger FOLDER]`.
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
      'exchange-advertise': { type: 'string' },
      transport: { type: 'string' },
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
  const listen = { host, port: Number(values.port), exchangePort: Number(values['exchange-port']), exchangeAdvertise: values['exchange-advertise'], transports: transportsOf(values.transport), advertise, insecure };
  await runTrainer({ coordinator, token, name, cacheFolder: cache, version, log, tls, listen, ledger, clock: () => performance.now(), onAttached: () => ready({ name }) }, signal);
});

/** One way for gradients, where not the best shall be taken. @throws LangevinError `invalid_argument` */
function transportsOf(name: string | undefined): readonly ExchangeTransport[] | undefined {
  if (name === undefined) return undefined;
  if (name === 'shm' || name === 'tcp' || name === 'grpc') return [name];
  throw new LangevinError('invalid_argument', `--transport ${name}: it must be shm, tcp or grpc`);
}
