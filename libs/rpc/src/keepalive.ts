import type { ChannelOptions } from '@grpc/grpc-js';

/**
 * Pings find a peer whose machine has vanished without closing its sockets. They are answered by the peer's event loop,
 * which heavy arithmetic may hold for seconds, so they wait long: heartbeats are what notices a trainer that stalls.
 */
export const keepaliveOptions: ChannelOptions = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 30_000,
  'grpc.keepalive_permit_without_calls': 1,
};

/** Pings that find it within so many ms, for peers whose event loops do nothing long. */
export function keepaliveWithin(ms: number): ChannelOptions {
  return { ...keepaliveOptions, 'grpc.keepalive_time_ms': Math.floor(ms / 3), 'grpc.keepalive_timeout_ms': Math.floor((ms * 2) / 3) };
}
