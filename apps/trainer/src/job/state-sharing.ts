import type { ExchangeHost } from '@langevin/collectives';
import { stateBytes } from '../compute/state-copy.js';

/** How the copy of a job's state after a step is called in the exchange. */
export function stateName(job: string, step: number): string {
  return `state/${job}/${step}`;
}

/**
 * Fetches the state after a step, an equal part from each donor, all at the same time.
 * @param parameters of the network
 * @throws LangevinError as `ExchangeHost.pullPart`
 */
export async function fetchState(exchange: ExchangeHost, name: string, donors: readonly string[], parameters: number): Promise<Uint8Array<SharedArrayBuffer>> {
  const state = new Uint8Array(new SharedArrayBuffer(stateBytes(parameters)));
  // Parts of whole vectors' elements.
  const edge = (part: number): number => 4 * Math.floor((part * stateBytes(parameters)) / 4 / donors.length);
  await Promise.all(donors.map((donor, part) => exchange.pullPart(donor, name, edge(part), edge(part + 1) - edge(part), state.subarray(edge(part), edge(part + 1)))));
  return state;
}
