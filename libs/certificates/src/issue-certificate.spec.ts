import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { issueCertificate, type IssueOptions } from './issue-certificate.js';

const now = new Date('2026-11-24T12:00:00Z');
const day = 24 * 3600 * 1000;

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const issue = (change: Partial<IssueOptions> = {}) => issueCertificate({ folder: folder.path, hosts: [], days: 30, now, ...change });
const text = (name: string): string => readFileSync(join(folder.path, name), 'utf8');
const certificate = (name: string): X509Certificate => new X509Certificate(text(name));

describe('issueCertificate', () => {
  it('makes an authority and a certificate that it has signed, for both ends of a connection', async () => {
    await issue();
    const [authority, member] = [certificate('ca.pem'), certificate('cert.pem')];
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(member.ca).toBe(false);
    expect(member.checkIssued(authority)).toBe(true);
    expect(member.verify(authority.publicKey)).toBe(true);
    // id-kp-serverAuth and id-kp-clientAuth (RFC 5280, §4.2.1.12).
    expect(member.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(member.checkPrivateKey(createPrivateKey(text('key.pem')))).toBe(true);
    expect(authority.checkPrivateKey(createPrivateKey(text('ca.key')))).toBe(true);
  });

  it('holds for the hosts given and for this machine, and for no other', async () => {
    const issued = await issue({ hosts: ['Node-1.Example', '10.0.0.7', 'fd00::7', 'localhost'] });
    expect(issued.hosts).toEqual(['node-1.example', '10.0.0.7', 'fd00::7', 'localhost', '127.0.0.1', '::1']);
    const member = certificate('cert.pem');
    expect(member.checkHost('node-1.example')).toBe('node-1.example');
    expect(member.checkHost('localhost')).toBe('localhost');
    for (const address of ['10.0.0.7', 'fd00::7', '127.0.0.1', '::1']) expect(member.checkIP(address)).toBe(address);
    expect(member.checkHost('node-2.example')).toBeUndefined();
    expect(member.checkIP('10.0.0.8')).toBeUndefined();
  });

  it('keeps private keys to their owner', async () => {
    const inside = join(folder.path, 'tls');
    await issue({ folder: inside });
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect([inside, join(inside, 'ca.key'), join(inside, 'key.pem')].map(mode)).toEqual([0o700, 0o600, 0o600]);
  });

  it('is valid for so many days, and an hour before, for clocks that differ', async () => {
    const issued = await issue({ days: 3 });
    expect(issued.expires).toEqual(new Date(now.getTime() + 3 * day));
    expect(new Date(certificate('cert.pem').validFrom)).toEqual(new Date(now.getTime() - 3600 * 1000));
    expect(issued.authorityExpires).toEqual(new Date(now.getTime() + 3650 * day));
  });

  it('signs the next certificate with the same authority, and says what it replaces', async () => {
    const first = await issue();
    const [authority, key, old] = [text('ca.pem'), text('ca.key'), text('cert.pem')];
    const second = await issue({ now: new Date(now.getTime() + day) });
    expect([text('ca.pem'), text('ca.key')]).toEqual([authority, key]);
    expect(text('cert.pem')).not.toBe(old);
    expect(certificate('cert.pem').verify(certificate('ca.pem').publicKey)).toBe(true);
    expect([first.authorityCreated, first.replacedExpires]).toEqual([true, null]);
    expect([second.authorityCreated, second.replacedExpires]).toEqual([false, first.expires]);
  });

  it('never outlives its authority', async () => {
    const { authorityExpires } = await issue();
    expect((await issue({ days: 5000 })).expires).toEqual(authorityExpires);
  });

  it('gives each certificate a number of its own', async () => {
    await issue();
    const first = certificate('cert.pem').serialNumber;
    await issue();
    expect(certificate('cert.pem').serialNumber).not.toBe(first);
  });

  it.each(['10.0.0.300', 'node_1', '*.example', '[::1]', 'host:7433', '', 'a..b', '-a'])('refuses the host %j', async (host) => {
    await expect(issue({ hosts: ['fine', host] })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: `"${host}" is neither a host name nor an IP address: give the name or address that others dial, without port and brackets`,
    });
  });

  it.each([
    ['a member’s folder, which has no ca.key', () => rmSync(join(folder.path, 'ca.key')), /has ca\.pem without ca\.key: run this where ca\.key lies/],
    ['a folder that has lost ca.pem', () => rmSync(join(folder.path, 'ca.pem')), /has ca\.key without ca\.pem: put ca\.pem back/],
    ['a damaged authority', () => writeFileSync(join(folder.path, 'ca.pem'), 'nothing'), /is damaged: put them back/],
  ])('refuses %s, and leaves it as it is', async (_what, spoil, says) => {
    await issue();
    spoil();
    const before = text('cert.pem');
    await expect(issue()).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringMatching(says) });
    expect(text('cert.pem')).toBe(before);
  });

  it('refuses an authority that has expired', async () => {
    await issue();
    await expect(issue({ now: new Date(now.getTime() + 3651 * day) })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: `the authority in ${folder.path} has expired on 2036-11-21: choose another folder with --out, and give every member the new files`,
    });
  });

  it('says where it cannot write', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    await expect(issue({ folder: join(folder.path, 'file') })).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining('choose another folder with --out') });
  });
});
