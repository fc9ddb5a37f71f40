import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { certificateHosts } from './host-names.js';
import { makeAuthority, signMember, type KeyedCertificate, type Validity } from './x509.js';

/** What certificate is wanted. */
export interface IssueOptions {
  /** Folder of the authority and of the new certificate; made if it is not there, for its owner alone. */
  readonly folder: string;
  /** Host names and IP addresses at which others dial the members; this machine's own are always added. */
  readonly hosts: readonly string[];
  /** Days for which the certificate holds; never longer than its authority. */
  readonly days: number;
  readonly now: Date;
}

/** A certificate as it lies in its folder: `ca.pem`, `cert.pem`, `key.pem`, and `ca.key`, which stays where it is. */
export interface IssuedCertificate {
  readonly folder: string;
  readonly hosts: readonly string[];
  /** Whether the authority is new; otherwise the one that was there has signed. */
  readonly authorityCreated: boolean;
  readonly authorityExpires: Date;
  readonly expires: Date;
  /** When the certificate that this one replaces would have expired; null if there was none. */
  readonly replacedExpires: Date | null;
}

const dayMs = 24 * 3600 * 1000;
/** Ten years: whoever changes the authority must change every member. */
const authorityDays = 3650;
/** Clocks of a cluster differ: a certificate is valid an hour before it is made. */
const skewMs = 3600 * 1000;

/**
 * Makes a certificate for the members of a cluster, signed by the authority in the folder. The first call makes that
 * authority; no later one ever replaces it. Private keys are readable by their owner only.
 * @throws LangevinError `invalid_argument` for hosts or a folder that cannot be used, `storage_failed` when it cannot be written
 */
export async function issueCertificate(options: IssueOptions): Promise<IssuedCertificate> {
  const { folder, now } = options;
  const hosts = certificateHosts(options.hosts);
  const replacedExpires = expiryIn(join(folder, 'cert.pem'));
  const known = readAuthority(folder, now);
  const authority = known ?? (await makeAuthority(authorityName, validity(now, authorityDays)));
  const authorityExpires = expiryOf(authority.certificate);
  const wanted = validity(now, options.days);
  const until = wanted.until < authorityExpires ? wanted.until : authorityExpires;
  const member = await signMember(authority, hosts, { from: wanted.from, until });
  write(folder, [
    ...(known ? [] : files('ca.pem', 'ca.key', authority)),
    ...files('cert.pem', 'key.pem', member),
  ]);
  return { folder, hosts, authorityCreated: known === null, authorityExpires, expires: expiryOf(member.certificate), replacedExpires };
}

const authorityName = 'Langevin private CA';

function validity(now: Date, days: number): Validity {
  return { from: new Date(now.getTime() - skewMs), until: new Date(now.getTime() + days * dayMs) };
}

/** @returns null where there is none yet */
function readAuthority(folder: string, now: Date): KeyedCertificate | null {
  const [certificateFile, keyFile] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  const has = { certificate: existsSync(certificateFile), key: existsSync(keyFile) };
  if (!has.certificate && !has.key) return null;
  if (!has.key) throw unusable(`${folder} has ca.pem without ca.key`, 'run this where ca.key lies and copy ca.pem, cert.pem and key.pem here');
  if (!has.certificate) throw unusable(`${folder} has ca.key without ca.pem`, 'put ca.pem back, or choose another folder with --out');
  const authority = { certificate: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  const expires = expiryIn(certificateFile);
  if (expires === null || !authority.key.includes('PRIVATE KEY')) throw unusable(`ca.pem or ca.key in ${folder} is damaged`, 'put them back, or choose another folder with --out');
  if (expires <= now) throw unusable(`the authority in ${folder} has expired on ${isoDay(expires)}`, 'choose another folder with --out, and give every member the new files');
  return authority;
}

/** When the certificate in a file expires; null if there is none, or one that nobody could use. */
function expiryIn(file: string): Date | null {
  try {
    return expiryOf(readFileSync(file, 'utf8'));
  } catch {
    // Not there, or damaged: nothing that would be lost.
    return null;
  }
}

function expiryOf(certificate: string): Date {
  return new Date(new X509Certificate(certificate).validTo);
}

interface FileToWrite {
  readonly name: string;
  readonly text: string;
  readonly mode: number;
}

function files(certificateName: string, keyName: string, { certificate, key }: KeyedCertificate): FileToWrite[] {
  return [
    { name: keyName, text: key, mode: 0o600 },
    { name: certificateName, text: certificate, mode: 0o644 },
  ];
}

/** Each file appears whole, with its final permissions: a key is never readable by others, not even for a moment. */
function write(folder: string, all: readonly FileToWrite[]): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = (name: string): string => join(folder, `.${name}.${process.pid}`);
    for (const { name, text, mode } of all) {
      // One that a killed process of this id left: its permissions are not known.
      rmSync(draft(name), { force: true });
      writeFileSync(draft(name), text, { mode, flag: 'wx' });
    }
    for (const { name } of all) renameSync(draft(name), join(folder, name));
  } catch (cause) {
    throw new LangevinError('storage_failed', `cannot write certificates into ${folder} (${LangevinError.from(cause).message}): choose another folder with --out`, { cause });
  }
}

function unusable(problem: string, remedy: string): LangevinError {
  return new LangevinError('invalid_argument', `${problem}: ${remedy}`);
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
