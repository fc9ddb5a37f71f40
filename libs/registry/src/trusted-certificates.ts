import { existsSync, readFileSync } from 'node:fs';
import tls from 'node:tls';
import { LangevinError } from '@langevin/contracts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where systems keep the certificates that they trust (Go's crypto/x509 has the same list). */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * Certificates, as PEM, that a TLS client of this machine trusts: Node's own, those of the system, and those in the files
 * that `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS` name.
 * @throws LangevinError `invalid_argument` when a file that is named there cannot be read
 */
export function trustedCertificates(env: Environment): string[] {
  const system = systemBundles.find((path) => existsSync(path));
  return [...tls.rootCertificates, ...(system === undefined ? [] : [readFileSync(system, 'utf8')]), ...['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'].flatMap((name) => named(env, name))];
}

function named(env: Environment, variable: string): string[] {
  const path = env[variable];
  if (!path) return [];
  try {
    return [readFileSync(path, 'utf8')];
  } catch (cause) {
    throw new LangevinError('invalid_argument', `${variable} names ${path}, which cannot be read: give a file of PEM certificates`, { cause });
  }
}
