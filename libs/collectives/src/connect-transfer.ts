import { connect } from '@langevin/rpc';
import type { ConnectOptions, RpcClient } from '@langevin/rpc';

const windowBudgetBytes = 64 * 1024 * 1024;
const minWindowBytes = 64 * 1024;

/**
 * HTTP/2 window for each of so many peers: what they may all send ahead together is 64 MiB, so that memory does not grow
 * with the cluster; never less than the protocol's default of 64 KiB.
 */
export function transferWindowBytes(peers: number): number {
  return Math.max(minWindowBytes, Math.floor(windowBudgetBytes / Math.max(1, peers)));
}

/** A client to pull from one of `peers` peers, with its share of the window budget, at most `maxWindowBytes` of it. */
export function connectTransfer(
  address: string,
  token: string,
  options: Omit<ConnectOptions, 'windowBytes'> & { readonly peers: number; readonly maxWindowBytes?: number },
): RpcClient<'Transfer'> {
  const { peers, maxWindowBytes = windowBudgetBytes, ...rest } = options;
  return connect(address, token, 'Transfer', { ...rest, windowBytes: Math.min(maxWindowBytes, transferWindowBytes(peers)) });
}
