import { connectivityState } from '@grpc/grpc-js';
import type { Client, ServiceError } from '@grpc/grpc-js';
import { LangevinError } from '@langevin/contracts';
import type { Peer } from './status.js';
import { tlsFailure } from './tls/tls-failure.js';

/**
 * Resolves when the client is connected. It goes on trying for `timeoutMs`: a server may be about to start. What a
 * certificate is refused for stays as it is, and is told at once.
 * @throws LangevinError `unavailable`; as `tlsFailure`
 */
export async function waitUntilReady(client: Client, peer: Peer, timeoutMs: number): Promise<void> {
  const channel = client.getChannel();
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) return;
    if (state === connectivityState.TRANSIENT_FAILURE) {
      const refused = tlsFailure(await lastFailure(client), peer);
      if (refused) throw refused;
    }
    const isLate = await new Promise<boolean>((resolve) => channel.watchConnectivityState(state, deadline, (error) => resolve(error !== undefined && error !== null)));
    if (isLate) throw late(peer, timeoutMs);
  }
}

function late(peer: Peer, timeoutMs: number): LangevinError {
  const hint = peer.name === 'coordinator' ? ': start one with `langevin up`' : '';
  return new LangevinError('unavailable', `no ${peer.name} at ${peer.address} within ${timeoutMs} ms${hint}`);
}

/** Why there is no connection: a channel that has just failed answers any call with it, at once. Empty if it is connected by now. */
function lastFailure(client: Client): Promise<string> {
  const nothing = (): Buffer => Buffer.alloc(0);
  return new Promise((resolve) => {
    const deadline = Date.now() + 1000;
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', nothing, nothing, nothing(), { deadline }, (error: ServiceError | null) => resolve(error?.details ?? ''));
  });
}
