import { checkServerIdentity } from 'node:tls';
import { credentials, ServerCredentials } from '@grpc/grpc-js';
import type { ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import { hostOf } from './host-of.js';
import type { TlsIdentity } from './tls-identity.js';

/** Serves with this identity, to those alone who prove theirs by a certificate of the same authority; without one, in the clear. */
export function serverCredentials(tls: TlsIdentity | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const { ca, certificate, key } = tls;
  return ServerCredentials.createSsl(Buffer.from(ca), [{ private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) }], true);
}

/** How a channel to the address is secured. */
export interface ChannelSecurity {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/** Calls with this identity, and believes a server alone whose certificate holds for the host dialled; without one, in the clear. */
export function channelSecurity(address: string, tls: TlsIdentity | undefined): ChannelSecurity {
  if (!tls) return { credentials: credentials.createInsecure(), options: {} };
  const { ca, certificate, key } = tls;
  const host = hostOf(address);
  return {
    credentials: credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(certificate), {
      // The name sent is not always the one dialled, see below: the one dialled is checked.
      checkServerIdentity: (_name, peerCertificate) => checkServerIdentity(host, peerCertificate),
    }),
    // An IP address is no name that TLS could send (RFC 6066, §3): Node warns of one on standard error.
    options: { 'grpc.ssl_target_name_override': 'localhost' },
  };
}
