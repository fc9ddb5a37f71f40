import { randomUUID } from 'node:crypto';
import { ContentTable, ExchangeHost, transferService, type LastingTroubles } from '@langevin/collectives';
import type { NumericsClass } from '@langevin/contracts';
import { startServer, type RunningServer } from '@langevin/rpc';
import { ComputeClient } from './compute/client.js';
import { pullAddress } from './pull-address.js';
import type { TrainerOptions } from './trainer-options.js';

/** What a trainer is made of, whoever coordinates. */
export interface TrainerParts extends AsyncDisposable {
  readonly compute: ComputeClient;
  /** The machine part of its numerics class. */
  readonly numerics: NumericsClass;
  /** What others can pull from it. */
  readonly table: ContentTable;
  /** Where they do: host:port. */
  readonly pulledAt: string;
  readonly exchange: ExchangeHost;
  readonly incarnation: string;
}

/**
 * Starts them.
 * @param troubles told which members of the exchange cannot be reached, and which can again
 * @throws LangevinError of whichever cannot be started; the others are closed again
 */
export async function startParts(options: TrainerOptions, troubles: LastingTroubles): Promise<TrainerParts> {
  const { tls, token, name, listen = { host: '127.0.0.1', port: 0, exchangePort: 0, insecure: false } } = options;
  const compute = new ComputeClient();
  let server: RunningServer | null = null;
  try {
    const numerics = await compute.ask({ kind: 'facts' });
    const table = new ContentTable();
    server = await startServer({ ...listen, tls, token, services: { Transfer: transferService(table) } });
    if (server.warning !== null) options.log(`warning: ${server.warning}`);
    const pulledAt = pullAddress(listen, server.port);
    const incarnation = randomUUID();
    const exchange = await ExchangeHost.start({
      ...{ cluster: '', term: 0, token, tls, listen: { host: listen.host, port: listen.exchangePort, insecure: listen.insecure } },
      self: { id: '', name, incarnation },
      ...(listen.transports && { transports: listen.transports }),
      onTrouble: (memberId, problem) => troubles.begin(memberId, problem),
      onRecovered: (memberId) => troubles.end(memberId),
    });
    const close = async (): Promise<void> => {
      troubles.clear();
      await exchange[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
      await compute[Symbol.asyncDispose]();
    };
    return { compute, numerics, table, pulledAt, exchange, incarnation, [Symbol.asyncDispose]: close };
  } catch (error) {
    await server?.[Symbol.asyncDispose]();
    await compute[Symbol.asyncDispose]();
    throw error;
  }
}
