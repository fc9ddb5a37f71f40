import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LangevinError } from '@langevin/contracts';
import { runService, untilAborted } from '@langevin/processes';
import { DataFolder, openStore, recordStore, storeOfDataFolder } from '@langevin/registry';
import { loadTls } from '@langevin/rpc';
import { startCoordinator } from './coordinator.js';
import { httpFlags, httpOptions } from './http/http-flags.js';
import { version } from './version.js';

/**
 * The coordinator as a process: `main.js --data-dir FOLDER --port PORT [--exchange-port PORT] [--store LOCATION] [--host ADDRESS]
 * [--tls FOLDER] [--insecure] [--takeover] [--ledger FOLDER]`.
 */
await runService('langevin coordinator', async ({ signal, ready }) => {
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, port: { type: 'string' }, 'exchange-port': { type: 'string', default: '0' }, store: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' }, tls: { type: 'string' }, insecure: { type: 'boolean' }, ledger: { type: 'string' }, takeover: { type: 'boolean' }, ...httpFlags },
  });
  const { host, port, insecure = false } = values;
  if (!values['data-dir'] || port === undefined) throw new LangevinError('invalid_argument', 'a coordinator needs --data-dir and --port');
  const folder = new DataFolder(values['data-dir']);
  folder.refuseSecondCoordinator();
  const store = await openStore(values.store ?? storeOfDataFolder(folder.path));
  if (values.store !== undefined) recordStore(folder.path, store.location);
  // Absolute: commands read it from other working directories.
  const tls = values.tls === undefined ? undefined : loadTls(resolve(values.tls), new Date());
  // Others take the folder only when all is closed.
  let withdraw = (): void => undefined;
  using _announcement = { [Symbol.dispose]: () => withdraw() };
  await using coordinator = await startCoordinator({
    store,
    token: folder.token(),
    host,
    tls,
    insecure,
    port: Number(port),
    exchangePort: Number(values['exchange-port']),
    version,
    spool: folder.spool,
    journal: folder.journal,
    folderId: folder.id(),
    name: hostname(),
    takeover: values.takeover ?? false,
    ledger: values.ledger,
    ...httpOptions(values, folder.path),
    clock: () => performance.now(),
    now: () => new Date(),
    newId: randomUUID,
    log: (line) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`),
  });
  withdraw = folder.announce(coordinator.address, tls?.folder, coordinator.url ?? undefined);
  ready({ address: coordinator.address, ...(coordinator.url !== null && { url: coordinator.url }) });
  await untilAborted(AbortSignal.any([signal, coordinator.fenced]));
  if (coordinator.fenced.aborted) throw coordinator.fenced.reason;
});
