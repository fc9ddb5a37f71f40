import { join } from 'node:path';
import { issueCertificate } from '@langevin/certificates';
import { startMinio, temporaryFolder } from '@langevin/testing';
import { openStore } from './store-location.js';

// A server takes its time to start when the machine does much else.
jest.setTimeout(120_000);

describe('a store on a server that speaks TLS', () => {
  it('is used when its authority is trusted, by SSL_CERT_FILE or NODE_EXTRA_CA_CERTS, and only then', async () => {
    await using folder = await temporaryFolder();
    await issueCertificate({ folder: folder.path, hosts: ['127.0.0.1'], days: 1, now: new Date() });
    const file = (name: string): string => join(folder.path, name);
    await using server = await startMinio({ buckets: ['safe'], tls: { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') } });
    expect(server.endpoint).toMatch(/^https:/);
    for (const variable of ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) {
      const store = await openStore(server.location('safe'), { env: { ...server.env, [variable]: file('ca.pem') } });
      await store.put('k', Buffer.from('v'));
      expect(Buffer.from(await store.get('k')).toString()).toBe('v');
      const large = Buffer.alloc(9_000_001, variable);
      await store.put('large', large);
      expect(Buffer.from(await store.get('large')).equals(large)).toBe(true);
    }
    await expect(openStore(server.location('safe'), { env: server.env })).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringMatching(/certificate.*SSL_CERT_FILE/) });
    const nothing = { ...server.env, SSL_CERT_FILE: file('nothing.pem') };
    await expect(openStore(server.location('safe'), { env: nothing })).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('SSL_CERT_FILE names') });
  });
});
