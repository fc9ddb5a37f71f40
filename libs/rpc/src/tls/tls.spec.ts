import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate } from '@langevin/certificates';
import { LangevinError } from '@langevin/contracts';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { connect } from '../connect.js';
import { unaryHandler } from '../handlers.js';
import { checkHealth } from '../health.js';
import { receive } from '../receive.js';
import { startServer } from '../server.js';
import type { ServiceHandlers } from '../services.js';
import { checkExposure, isLoopback } from './exposure.js';
import { hostAndPort, hostOf } from './host-of.js';
import { loadTls, type TlsIdentity } from './tls-identity.js';

const token = 'correct-horse';
const now = new Date();
const day = 24 * 3600 * 1000;
const services = { Jobs: { List: unaryHandler(() => ({ jobs: [] })) } as unknown as ServiceHandlers['Jobs'] }; // The spec calls List alone.

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await issueCertificate({ folder: at('good'), hosts: [], days: 1, now: new Date(now.getTime() - 20 * day) });
  await issueCertificate({ folder: at('good'), hosts: [], days: 30, now });
  await issueCertificate({ folder: at('other'), hosts: [], days: 30, now });
  await member('expired', { days: 1, made: new Date(now.getTime() - 10 * day) });
});
afterAll(() => folder[Symbol.asyncDispose]());

const at = (name: string): string => join(folder.path, name);

/** Another certificate of the good authority. */
async function member(name: string, { days, made }: { days: number; made: Date }): Promise<void> {
  rmSync(at(name), { recursive: true, force: true });
  cpSync(at('good'), at(name), { recursive: true });
  await issueCertificate({ folder: at(name), hosts: [], days, now: made });
}

const identity = (name: string): TlsIdentity => loadTls(at(name), now);
/** As it was when its process started: since then it has expired. */
const expired = (): TlsIdentity => loadTls(at('expired'), new Date(now.getTime() - 9.5 * day));

async function errorOf(call: Promise<unknown>): Promise<LangevinError> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof LangevinError)) throw new Error(`expected a LangevinError, got ${String(thrown)}`);
  return thrown;
}

/** What a call says, and what waiting for the connection says, of this pair of ends. */
async function refused(server: TlsIdentity | undefined, client: TlsIdentity | undefined, host = '127.0.0.1'): Promise<{ code: string; message: string; address: string }> {
  await using running = await startServer({ host, port: 0, token, services, tls: server, closeLimitMs: 100 });
  using jobs = connect(running.address, token, 'Jobs', { tls: client });
  const waited = await errorOf(jobs.ready(60_000));
  const { code, message } = await errorOf(jobs.list({}));
  expect({ code: waited.code, message: waited.message }).toEqual({ code, message });
  const streamed = await errorOf(receive(jobs.watch({ id: 'any' }), jobs.peer).next());
  expect(streamed.message).toBe(message);
  expect((await errorOf(checkHealth(running.address, token, { tls: client }))).message).toBe(message);
  return { code, message, address: running.address };
}

describe('TLS between two members', () => {
  it('carries calls and health checks, to 127.0.0.1 and to localhost', async () => {
    await using server = await startServer({ port: 0, token, services, tls: identity('good') });
    for (const address of [server.address, `localhost:${server.port}`]) {
      using jobs = connect(address, token, 'Jobs', { tls: identity('good') });
      await jobs.ready(60_000);
      expect(await jobs.list({})).toEqual({ jobs: [] });
      expect(await checkHealth(address, token, { tls: identity('good') })).toBe('SERVING');
    }
  });

  it('does not replace the token', async () => {
    await using server = await startServer({ port: 0, token, services, tls: identity('good') });
    using jobs = connect(server.address, 'wrong', 'Jobs', { tls: identity('good') });
    expect((await errorOf(jobs.list({}))).code).toBe('unauthenticated');
  });

  it('says that the certificate of the server has expired', async () => {
    const { code, message, address } = await refused(expired(), identity('good'));
    expect(code).toBe('unauthenticated');
    expect(message).toBe(`the certificate of coordinator at ${address} has expired: make a new one with \`langevin certs\`, copy it there and start it again`);
  });

  it('says that the server has another authority', async () => {
    const { code, message, address } = await refused(identity('other'), identity('good'));
    expect(code).toBe('unauthenticated');
    expect(message).toBe(`the certificate of coordinator at ${address} is not signed by ${at('good')}/ca.pem: both ends need certificates of the same authority`);
  });

  it('says that the certificate of the server is for other hosts', async () => {
    const { code, message, address } = await refused(identity('good'), identity('good'), '127.0.0.2');
    expect(code).toBe('unauthenticated');
    expect(message).toBe(
      `the certificate of coordinator at ${address} does not hold for 127.0.0.2: make one with \`langevin certs --host 127.0.0.2\`, or dial it by a name that the certificate has`,
    );
  });

  it('says that the server refuses an expired certificate', async () => {
    const { code, message, address } = await refused(identity('good'), expired());
    expect(code).toBe('unauthenticated');
    expect(message).toBe(`coordinator at ${address} refuses the certificate in ${at('expired')}, or closed the connection: it must be signed by the authority that is there, and not have expired`);
  });

  it('says that the server refuses the certificate of another authority', async () => {
    // It believes the server, and yet is none of its cluster.
    const stranger = { ...identity('other'), ca: identity('good').ca };
    const { code, message } = await refused(identity('good'), stranger);
    expect(code).toBe('unauthenticated');
    expect(message).toContain(`refuses the certificate in ${at('other')}`);
  });

  it('says that the server does not speak TLS', async () => {
    const { code, message, address } = await refused(undefined, identity('good'));
    expect(code).toBe('unavailable');
    expect(message).toBe(`coordinator at ${address} does not speak TLS: start it with --tls, or leave --tls out here`);
  });

  it('says that the server may speak TLS, to a caller that does not', async () => {
    const { code, message, address } = await refused(identity('good'), undefined);
    expect(code).toBe('unavailable');
    expect(message).toBe(`coordinator at ${address} closed the connection before it answered: if it was started with --tls, name its certificates with --tls FOLDER here too`);
  });

  it('waits for a server that is about to start', async () => {
    const first = await startServer({ port: 0, token, services, tls: identity('good') });
    await first.close();
    using jobs = connect(first.address, token, 'Jobs', { tls: identity('good') });
    const waiting = jobs.ready(60_000);
    expect((await errorOf(jobs.list({}))).message).toBe(`no coordinator at ${first.address}: start one with \`langevin up\``);
    await using second = await startServer({ port: first.port, token, services, tls: identity('good') });
    await waiting;
    expect(second.address).toBe(first.address);
  });
});

describe('loadTls', () => {
  const load = (name: string, when = now) => errorOf(Promise.resolve().then(() => loadTls(at(name), when)));

  beforeEach(() => {
    rmSync(at('spoilt'), { recursive: true, force: true });
    cpSync(at('good'), at('spoilt'), { recursive: true });
  });

  it.each(['ca.pem', 'cert.pem', 'key.pem'])('says that %s is missing, and that it is damaged', async (name) => {
    writeFileSync(join(at('spoilt'), name), 'nothing');
    expect(await load('spoilt')).toMatchObject({ code: 'invalid_argument', message: `${name} in ${at('spoilt')} is damaged: copy it again from where \`langevin certs\` made it` });
    rmSync(join(at('spoilt'), name));
    expect(await load('spoilt')).toMatchObject({
      code: 'invalid_argument',
      message: `cannot read ${name} in ${at('spoilt')}: make certificates with \`langevin certs --out ${at('spoilt')}\`, or name the folder that has them with --tls`,
    });
  });

  it.each([
    ['a key that is not the certificate’s', 'key.pem', 'invalid_argument', /^key\.pem in .* does not belong to cert\.pem/],
    ['an authority that has not signed the certificate', 'ca.pem', 'unauthenticated', /^cert\.pem in .* is not signed by the ca\.pem beside it/],
  ])('refuses %s', async (_what, name, code, says) => {
    cpSync(join(at('other'), name), join(at('spoilt'), name));
    expect(await load('spoilt')).toMatchObject({ code, message: expect.stringMatching(says) });
  });

  it('refuses a certificate before and after its time', async () => {
    expect(await load('expired')).toMatchObject({ code: 'unauthenticated', message: expect.stringMatching(/^cert\.pem in .* has expired on \d{4}-\d\d-\d\d: make a new one/) });
    expect(await load('good', new Date(now.getTime() - day))).toMatchObject({ code: 'unauthenticated', message: expect.stringMatching(/holds from \d{4}-\d\d-\d\d on, here it is/) });
  });
});

describe('listening beyond this machine', () => {
  it('is refused without TLS, with both ways out', async () => {
    const { code, message } = await errorOf(startServer({ host: '0.0.0.0', port: 0, token, services }));
    expect(code).toBe('invalid_argument');
    expect(message).toBe(
      'listening on 0.0.0.0 would let other machines in without encryption: make certificates with `langevin certs --host NAME` and name them with --tls, or say --insecure',
    );
  });

  it('is allowed with TLS, or, with a warning, when it is wanted without', async () => {
    await using secure = await startServer({ host: '0.0.0.0', port: 0, token, services, tls: identity('good') });
    await using insecure = await startServer({ host: '0.0.0.0', port: 0, token, services, insecure: true });
    await using local = await startServer({ host: '127.0.0.2', port: 0, token, services, insecure: true });
    expect([secure.warning, local.warning]).toEqual([null, null]);
    expect(insecure.warning).toMatch(/^listening on 0\.0\.0\.0 without encryption/);
  });

  it.each([
    ['127.0.0.1', true], ['127.255.3.9', true], ['::1', true], ['localhost', true],
    ['0.0.0.0', false], ['::', false], ['10.0.0.7', false], ['128.0.0.1', false], ['fe80::1', false], ['node-1', false], ['localhost.example', false], ['', false],
  ])('knows whether %j is', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
    if (expected) expect(checkExposure({ host })).toBeNull();
    else expect(() => checkExposure({ host })).toThrow(/^listening on .* would let other machines in/);
  });
});

describe('addresses', () => {
  it.each([['127.0.0.1:7433', '127.0.0.1', 7433], ['[::1]:80', '::1', 80], ['node-1.example:1', 'node-1.example', 1]])('%s has a host and a port', (address, host, port) => {
    expect(hostOf(address)).toBe(host);
    expect(hostAndPort(host, port)).toBe(address);
  });
});
