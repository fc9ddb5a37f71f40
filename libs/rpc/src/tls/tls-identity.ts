import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';

/**
 * What a member of a cluster proves itself with, and whom it believes, in PEM: the files that `langevin certs` makes. The
 * same object secures every kind of connection.
 */
export interface TlsIdentity {
  /** Folder that it was read from, for messages. */
  readonly folder: string;
  /** Certificate of the authority that every peer's certificate must be signed by. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Reads `ca.pem`, `cert.pem` and `key.pem` of a folder and makes sure that they fit together and hold now: what is wrong
 * here would only be told as a broken connection later.
 * @throws LangevinError `invalid_argument` for files that are missing, damaged or do not belong together, `unauthenticated`
 * for a certificate that has expired or that the authority beside it has not signed
 */
export function loadTls(folder: string, now: Date): TlsIdentity {
  const [ca, certificate, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(folder, name)) as [string, string, string];
  const authority = parse(folder, 'ca.pem', () => new X509Certificate(ca));
  const own = parse(folder, 'cert.pem', () => new X509Certificate(certificate));
  const ownKey = parse(folder, 'key.pem', () => createPrivateKey(key));
  const renew = `make a new one with \`langevin certs --out ${folder}\`, where ca.key lies`;
  if (!own.checkPrivateKey(ownKey)) {
    throw new LangevinError('invalid_argument', `key.pem in ${folder} does not belong to cert.pem: copy both from the same place, or ${renew}`);
  }
  if (!own.checkIssued(authority) || !own.verify(authority.publicKey)) {
    throw new LangevinError('unauthenticated', `cert.pem in ${folder} is not signed by the ca.pem beside it: copy both from the same place, or ${renew}`);
  }
  for (const [name, each] of [['ca.pem', authority], ['cert.pem', own]] as const) {
    if (now > new Date(each.validTo)) throw new LangevinError('unauthenticated', `${name} in ${folder} has expired on ${day(each.validTo)}: ${renew}`);
    if (now < new Date(each.validFrom)) {
      throw new LangevinError('unauthenticated', `${name} in ${folder} holds from ${day(each.validFrom)} on, here it is ${day(now.toISOString())}: set this machine's clock`);
    }
  }
  return { folder, ca, certificate, key };
}

function read(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (cause) {
    const remedy = `make certificates with \`langevin certs --out ${folder}\`, or name the folder that has them with --tls`;
    throw new LangevinError('invalid_argument', `cannot read ${name} in ${folder}: ${remedy}`, { cause });
  }
}

function parse<T>(folder: string, name: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new LangevinError('invalid_argument', `${name} in ${folder} is damaged: copy it again from where \`langevin certs\` made it`, { cause });
  }
}

function day(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}
