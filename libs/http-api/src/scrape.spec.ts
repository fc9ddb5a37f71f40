import { startTestServer } from './testing/test-server.js';

const scrape = async () => ({ mediaType: 'text/plain; version=0.0.4; charset=utf-8', body: 'up 1\n' });

describe('GET /metrics', () => {
  it('gives them to whoever brings the token, and to nobody else', async () => {
    await using server = await startTestServer({}, { scrape });
    const { status, headers, text } = await server.call('/metrics');
    expect([status, headers['content-type'], headers['cache-control'], text]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', 'no-store', 'up 1\n']);
    for (const authorization of [undefined, 'Bearer nonsense']) {
      expect(await server.call('/metrics', { headers: { authorization } })).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    }
    expect((await server.call('/metrics?token=x')).status).toBe(400);
    expect((await server.call('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('is as closed to other pages and other names as the API is', async () => {
    await using server = await startTestServer({}, { scrape });
    for (const headers of [{ host: 'evil.example' }, { origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect(await server.call('/metrics', { headers })).toMatchObject({ status: 403, json: { code: 'access_denied' } });
    }
  });

  it('is not there when nothing is measured', async () => {
    await using server = await startTestServer();
    expect((await server.call('/metrics')).status).toBe(404);
  });
});
