/* The library's dependency injection reads decorators through this polyfill, which has to be there first. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { isIP } from 'node:net';

/** ECDSA on P-256 with SHA-256: every TLS 1.2 and 1.3 peer speaks it (RFC 8446, §9.1). */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate and its private key, both in PEM (RFC 7468); the key is PKCS #8. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** When a certificate holds: clocks of a cluster differ a little, so it begins `skewMs` before it is made. */
export interface Validity {
  readonly from: Date;
  readonly until: Date;
}

/** A self-signed authority that may sign certificates of members, but no other authority (RFC 5280, §4.2.1.9). */
export async function makeAuthority(name: string, { from, until }: Validity): Promise<KeyedCertificate> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    notBefore: from,
    notAfter: until,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), key: await exportKey(keys.privateKey) };
}

/**
 * A certificate with which a member of a cluster both serves and calls, valid for `hosts` (names and addresses; RFC 5280,
 * §4.2.1.6 and §4.2.1.12).
 * @throws whatever node:crypto or the ASN.1 parser say of an authority that is none
 */
export async function signMember(authority: KeyedCertificate, hosts: readonly string[], { from, until }: Validity): Promise<KeyedCertificate> {
  const keys = await makeKeys();
  const issuer = new X509Certificate(authority.certificate);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${memberName}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    notBefore: from,
    notAfter: until,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }))),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), key: await exportKey(keys.privateKey) };
}

/** The name says nothing: peers are told apart by the hosts of their certificates. */
const memberName = 'Langevin cluster member';

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return pem('PRIVATE KEY', Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64'));
}

function importKey(text: string): Promise<webcrypto.CryptoKey> {
  const base64 = text.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
  return webcrypto.subtle.importKey('pkcs8', Buffer.from(base64, 'base64'), algorithm, false, ['sign']);
}

function pemOf(certificate: X509Certificate): string {
  return pem('CERTIFICATE', Buffer.from(certificate.rawData).toString('base64'));
}

function pem(label: string, base64: string): string {
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}
