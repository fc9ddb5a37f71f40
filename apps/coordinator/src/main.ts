import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { LangevinError } from '@langevin/contracts';
import { runService, untilAborted } from '@langevin/processes';
import { DataFolder, DirectoryStore } from '@langevin/registry';
import { startCoordinator } from './coordinator.js';
import { version } from './version.js';

/** The coordinator as a process: `main.js --data-dir FOLDER --port PORT [--host ADDRESS]`. */
await runService('langevin coordinator', async ({ signal, ready }) => {
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, port: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' } },
  });
  const { host, port } = values;
  if (!values['data-dir'] || port === undefined) throw new LangevinError('invalid_argument', 'a coordinator needs --data-dir and --port');
  const folder = new DataFolder(values['data-dir']);
  folder.refuseSecondCoordinator();
  await using coordinator = await startCoordinator({
    store: await DirectoryStore.open(folder.store),
    token: folder.token(),
    host,
    port: Number(port),
    version,
    clock: () => performance.now(),
    newId: randomUUID,
    log: (line) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`),
  });
  const withdraw = folder.announce(coordinator.address);
  ready({ address: coordinator.address });
  await untilAborted(signal);
  withdraw();
});
