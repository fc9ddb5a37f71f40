import { LangevinError } from '@langevin/contracts';
import type { Peer } from '../status.js';
import { hostOf } from './host-of.js';

/**
 * What a connection that could not be made says about certificates; undefined if it says nothing. Words of OpenSSL and of Node
 * are all that gRPC passes on. A connection that was made and broke later is none of these: gRPC takes one for made when the
 * server has spoken, which it does only to those whose certificate it takes.
 * @param details what gRPC says of a status UNAVAILABLE
 */
export function tlsFailure(details: string, peer: Peer): LangevinError | undefined {
  if (!details.startsWith('No connection established')) return undefined;
  const at = `${peer.name} at ${peer.address}`;
  const cut = cutOff.test(details);
  if (peer.certificates === undefined) {
    if (!cut) return undefined;
    return new LangevinError('unavailable', `${at} closed the connection before it answered: if it was started with --tls, name its certificates with --tls FOLDER here too`);
  }
  const problem = problems.find(({ pattern }) => pattern.test(details));
  if (problem) return new LangevinError(problem.code, problem.message(at, peer.address, peer.certificates));
  if (!cut) return undefined;
  return new LangevinError('unauthenticated', refusal(at, peer.certificates));
}

/** A server that refuses a certificate, or that speaks TLS to one that does not, closes the connection; often gRPC knows no more. */
const cutOff = /Failed to connect|ECONNRESET|EPIPE|socket hang up|socket disconnected/;

interface Problem {
  readonly pattern: RegExp;
  readonly code: 'unauthenticated' | 'unavailable';
  readonly message: (at: string, address: string, folder: string) => string;
}

const problems: readonly Problem[] = [
  {
    pattern: /wrong version number|packet length too long|record layer failure/,
    code: 'unavailable',
    message: (at) => `${at} does not speak TLS: start it with --tls, or leave --tls out here`,
  },
  {
    pattern: /\balert\b/,
    code: 'unauthenticated',
    message: (at, _address, folder) => refusal(at, folder),
  },
  {
    pattern: /certificate has expired/,
    code: 'unauthenticated',
    message: (at) => `the certificate of ${at} has expired: make a new one with \`langevin certs\`, copy it there and start it again`,
  },
  {
    pattern: /certificate is not yet valid/,
    code: 'unauthenticated',
    message: (at) => `the certificate of ${at} is not valid yet: the clocks of the two machines differ`,
  },
  {
    pattern: /ALTNAME|does not match certificate/,
    code: 'unauthenticated',
    message: (at, address) =>
      `the certificate of ${at} does not hold for ${hostOf(address)}: make one with \`langevin certs --host ${hostOf(address)}\`, or dial it by a name that the certificate has`,
  },
  {
    pattern: /unable to (verify|get)|self-signed|self signed|signature failure|unknown ca/i,
    code: 'unauthenticated',
    message: (at, _address, folder) => `the certificate of ${at} is not signed by ${folder}/ca.pem: both ends need certificates of the same authority`,
  },
];

function refusal(at: string, folder: string): string {
  return `${at} refuses the certificate in ${folder}, or closed the connection: it must be signed by the authority that is there, and not have expired`;
}
