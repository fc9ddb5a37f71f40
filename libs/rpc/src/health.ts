import { Client } from '@grpc/grpc-js';
import { LangevinError } from '@langevin/contracts';
import { service as healthService } from 'grpc-health-check';
import type { ConnectOptions } from './connect.js';
import { qualifiedName } from './services.js';
import type { ServiceName } from './services.js';
import { fromServiceError } from './status.js';
import { channelSecurity } from './tls/tls-credentials.js';
import { bearer, checkToken } from './token.js';

/** What the standard health service says of a server or one of its services. */
export type Health = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

/**
 * Asks grpc.health.v1.Health at host:port about the whole server, or about one service.
 * Throws `unavailable` when nobody answers within timeoutMs and `unauthenticated` for a wrong token.
 */
export async function checkHealth(
  address: string,
  token: string,
  options: Pick<ConnectOptions, 'peerName' | 'tls'> & { readonly service?: ServiceName; readonly timeoutMs?: number } = {},
): Promise<Health> {
  checkToken(token);
  const check = healthService['Check'];
  if (!check) throw new LangevinError('internal', 'grpc-health-check has no method Check');
  const security = channelSecurity(address, options.tls);
  const client = new Client(address, security.credentials, { 'grpc.enable_http_proxy': 0, ...security.options });
  const request = { service: options.service ? qualifiedName(options.service) : '' };
  const peer = { name: options.peerName ?? 'coordinator', address, certificates: options.tls?.folder };
  try {
    return await new Promise<Health>((resolve, reject) => {
      const deadline = Date.now() + (options.timeoutMs ?? 5000);
      client.makeUnaryRequest(check.path, check.requestSerialize, check.responseDeserialize, request, bearer(token), { deadline }, (error, reply) => {
        if (error) reject(fromServiceError(error, peer));
        // The reply's shape is fixed by the health protocol, decoded with enums as strings.
        else resolve((reply as { status: Health }).status);
      });
    });
  } finally {
    client.close();
  }
}
