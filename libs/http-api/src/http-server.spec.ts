import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import type { SystemInfo } from '@langevin/contracts/api';
import { temporaryFolder } from '@langevin/testing';
import { startHttpServer } from './http-server.js';
import { LiveFeed } from './live-feed.js';
import { startTestServer, testToken, type TestServer } from './testing/test-server.js';

const system: SystemInfo = { version: '1.2.3', cluster: 'c', store: '/s', startedAt: '2026-11-24T00:00:00.000Z', readOnly: false };
const digest = 'a'.repeat(64);
const id = '11111111-1111-4111-8111-111111111111';

let server: TestServer;
const reached: string[] = [];
beforeAll(async () => {
  server = await startTestServer({
    getSystem: async () => system,
    listRuns: async ({ query }) => ({ items: [], nextCursor: JSON.stringify(query) }),
    getRun: ({ params }) => Promise.reject(new LangevinError('run_unknown', `there is no run "${params.run}"`)),
    cancelRun: async ({ params }) => {
      reached.push(params.run);
      throw new LangevinError('job_conflict', 'it does not train');
    },
    getRunMetrics: async ({ query }) => ({ x: query.x, keys: { loss: { x: [query.buckets], min: [], max: [], last: [] } }, lastStep: query.from ?? null }),
    getCheckpointFile: async ({ params }) => ({ body: Buffer.from('bytes'), size: 5, downloadAs: `a"b\r\n${params.path}`, isImmutable: true }),
    getSamples: async ({ params }) => ({ id: params.id, state: 'queued', progress: 0 }),
    getSamplesImage: async () => ({ body: Buffer.from('png'), size: 3, isImmutable: true }),
    cancelSamples: async () => undefined,
    submitJob: async () => Promise.reject(new TypeError('a mistake with /a/secret/path')),
    validateJob: async ({ body }) => ({ ok: true, spec: { yaml: body.yaml } }),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const api = (path: string): string => `/api/v1${path}`;

describe('the token', () => {
  it.each([
    ['none', { authorization: undefined }],
    ['another', { authorization: 'Bearer nonsense' }],
    ['a longer one', { authorization: `Bearer ${testToken}x` }],
    ['another scheme', { authorization: `Basic ${testToken}` }],
    ['the token as a cookie', { authorization: undefined, cookie: `langevin_1=${testToken}` }],
    ['a wrong token beside the right cookie', { authorization: 'Bearer nonsense', cookie: 'langevin_1=x' }],
  ])('is asked for on loopback too: %s is refused', async (_what, headers) => {
    const { status, headers: got, json } = await server.call(api('/system'), { headers });
    expect([status, got['www-authenticate'], got['content-type']]).toEqual([401, 'Bearer realm="langevin"', expect.stringMatching(/^application\/problem\+json\b/)]);
    expect(json).toMatchObject({ status: 401, code: 'unauthenticated', title: 'Unauthorized', type: 'about:blank' });
  });

  it('becomes a cookie that works for pages and calls, and is not the token', async () => {
    const login = await server.call(`/runs/x?token=${testToken}&tab=samples`, { headers: { authorization: undefined } });
    expect([login.status, login.headers.location]).toEqual([303, '/runs/x?tab=samples']);
    const [cookie = ''] = login.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(testToken);
    const [pair = ''] = cookie.split(';');
    const headers = { authorization: undefined, cookie: `other=1; ${pair}` };
    expect(await server.call(api('/system'), { headers })).toMatchObject({ status: 200, json: system });
    expect((await server.call('/', { headers })).status).toBe(200);
    expect((await server.call(`/?token=nonsense`, { headers: { authorization: undefined } })).status).toBe(401);
    expect((await server.call(`${api('/system')}?token=${testToken}`, { headers: { authorization: undefined } })).status).toBe(401);
  });

  it('never sends a browser to another host', async () => {
    for (const path of ['//evil.example/', '/\\evil.example/', '///evil.example', '/\\/evil.example', '//', '//[', '/\\:', 'http://evil.example/x', '//@evil.example']) {
      const { headers, status } = await server.call(`${path}?token=${testToken}&tab=a%20b`, { headers: { authorization: undefined } });
      expect([path, status, headers.location]).toEqual([path, 303, expect.stringMatching(/^\/(?![/\\]).*\?tab=a\+b$/)]);
    }
  });
});

describe('a path that is no URL', () => {
  it.each(['//', '//[', '/\\:', '//:@', '/%'])('is asked for the token, and is a page or nothing: %s', async (path) => {
    expect((await server.call(path, { headers: { authorization: undefined } })).status).toBe(path === '/%' ? 400 : 401);
    expect([200, 400, 404]).toContain((await server.call(path)).status);
    expect(server.log).toEqual([]);
  });
});

describe('a page of another origin', () => {
  it.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['https of the same host', { origin: 'https://127.0.0.1' }],
    ['a cross-site form', { 'sec-fetch-site': 'cross-site' }],
    ['another port, as its browser says', { 'sec-fetch-site': 'same-site' }],
    ['a name that resolves to loopback', { host: 'evil.example' }],
    ['a name that looks like loopback', { host: '127.0.0.1.evil.example' }],
    ['another address', { host: '10.1.2.3' }],
    ['a user in the host', { host: 'localhost@evil.example' }],
  ])('can neither read nor act: %s', async (_what, headers) => {
    for (const method of ['GET', 'POST']) {
      const path = method === 'GET' ? api('/system') : api('/runs/digits/cancel');
      const { status, headers: got, json } = await server.call(path, { method, headers });
      expect([status, json]).toEqual([403, expect.objectContaining({ code: 'access_denied' })]);
      expect(Object.keys(got).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
    expect(reached).toEqual([]);
  });

  it.each(['/%61pi/v1/system', '/a%70%69/v1/system', 'http://127.0.0.1/api/v1/system'])('cannot by another way to write a path: %s', async (path) => {
    expect((await server.call(path)).json).toEqual(system);
    expect((await server.call(path, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  it('is told apart from our own', async () => {
    for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`, 'localhost:8080', 'localhost']) {
      const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
      expect((await server.call(api('/runs/digits/cancel'), { method: 'POST', headers })).status).toBe(409);
    }
    reached.length = 0;
  });

  it('may send a form, which is no JSON and is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const { status } = await server.call(api('/jobs/validate'), { method: 'POST', headers: { 'content-type': type }, body: '{"yaml":"a"}' });
      expect(status).toBe(415);
    }
  });
});

describe('every answer', () => {
  it.each(['/', '/assets/none.js', api('/system'), api('/nowhere'), api('/events')])('forbids what a dashboard does not need: %s', async (path) => {
    const { headers } = path.endsWith('events') ? await head(path) : await server.call(path);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin' });
  });

  it('is a problem where it is no success', async () => {
    expect(await server.call(api('/runs/digits'))).toMatchObject({ status: 404, json: { type: 'about:blank', title: 'Not Found', status: 404, detail: 'there is no run "digits"', code: 'run_unknown' } });
    expect((await server.call(api('/nowhere'))).json).toMatchObject({ status: 404, code: 'object_missing' });
    const wrongMethod = await server.call(api('/models/m/aliases/production'), { method: 'POST', body: {} });
    expect([wrongMethod.status, wrongMethod.headers.allow]).toEqual([405, 'PUT']);
    const ofAnother = await server.call(api('/samples/00000000-0000-1000-8000-000000000000.png'), { method: 'DELETE' });
    expect([ofAnother.status, ofAnother.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('keeps the words of a mistake for the log', async () => {
    const { status, json, text } = await server.call(api('/jobs'), { method: 'POST', body: { yaml: 'a: 1' } });
    expect([status, json]).toEqual([500, expect.objectContaining({ code: 'internal' })]);
    expect(text).not.toContain('secret');
    expect(server.log.join()).toContain('/a/secret/path');
  });
});

describe('what is asked', () => {
  it.each([
    ['an unknown key', '/runs?colour=red', 'query: unknown key "colour"'],
    ['no number', '/runs?limit=many', 'query: limit: must be a whole number'],
    ['too much', '/runs?limit=1001', 'query: limit: too big: expected number to be <=1000'],
    ['a list', '/runs?limit=1&limit=2', 'query: limit: expected string, got ["1","2"]'],
    ['no such curve', '/runs/digits/metrics?keys=loss,colour', 'query: keys: must be some of'],
    ['a name that climbs', '/runs/..%2f..%2fetc', 'path: run: must be 1–64'],
    ['an encoded null', '/runs/a%00b', 'path: run: must be 1–64'],
    ['no digest', '/checkpoints/zz', 'path: digest: must be 64'],
    ['no id', '/samples/1', 'path: id: invalid UUID'],
  ])('is refused with its place: %s', async (_what, path, detail) => {
    const { status, json } = await server.call(api(path));
    expect([status, json]).toEqual([400, expect.objectContaining({ code: 'invalid_argument', detail: expect.stringContaining(detail) })]);
  });

  it.each([
    ['an unknown key', { yaml: 'a', path: '/etc/passwd' }, 400],
    ['another type', { yaml: 1 }, 400],
    ['no object', 'null', 400],
    ['no JSON', '{', 400],
    ['a prototype', '{"yaml":"a","__proto__":{"x":1}}', 400],
    ['nothing', undefined, 400],
    ['too much', { yaml: 'x'.repeat(2 ** 20) }, 413],
  ])('is refused in a body: %s', async (_what, body, wanted) => {
    const { status, json } = await server.call(api('/jobs/validate'), { method: 'POST', body });
    expect([status, json]).toEqual([wanted, expect.objectContaining({ status: wanted, code: 'invalid_argument' })]);
  });

  it('refuses a body where none belongs', async () => {
    expect((await server.call(api('/runs/digits/cancel'), { method: 'POST', body: { force: true } })).status).toBe(400);
  });

  it('has its defaults filled in', async () => {
    expect(JSON.parse((await server.call(api('/runs?q=dig'))).text)).toEqual({ items: [], nextCursor: '{"limit":100,"q":"dig","sort":"-updatedAt"}' });
    expect((await server.call(api('/runs/digits/metrics?from=7'))).json).toEqual({ x: 'step', keys: { loss: { x: [1000], min: [], max: [], last: [] } }, lastStep: 7 });
  });

  it('tells a request from its picture', async () => {
    expect((await server.call(api(`/samples/${id}`))).json).toMatchObject({ id, state: 'queued' });
    expect(await server.call(api(`/samples/${id}.png`))).toMatchObject({ status: 200, text: 'png', headers: { 'content-type': 'image/png', 'cache-control': 'private, max-age=31536000, immutable' } });
    expect(await server.call(api(`/samples/${id}`), { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
  });

  it('is downloaded as an attachment whose name cannot break out of its header', async () => {
    const { headers } = await server.call(api(`/checkpoints/${digest}/files/weights.safetensors`));
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="a_b__weights.safetensors"' });
  });
});

describe('the dashboard', () => {
  it('is served from memory: pages fall back to the index, assets are cached for ever, nothing else is there', async () => {
    await using folder = await temporaryFolder();
    mkdirSync(join(folder.path, 'app', 'assets'), { recursive: true });
    writeFileSync(join(folder.path, 'secret.txt'), 'a secret');
    writeFileSync(join(folder.path, 'app', 'index.html'), '<meta name="csp-nonce" content="%CSP_NONCE%">');
    writeFileSync(join(folder.path, 'app', 'assets', 'main-abc.js'), 'let x = 1;'.repeat(100));
    await using own = await startTestServer({}, { dashboard: join(folder.path, 'app') });
    const first = await own.call('/runs/digits?tab=samples');
    const second = await own.call('/');
    const nonceOf = (text: string): string => /content="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(first.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonceOf(first.text)}'`);
    expect(nonceOf(first.text)).not.toBe(nonceOf(second.text));
    const asset = await own.call('/assets/main-abc.js');
    expect(asset).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'private, max-age=31536000, immutable' } });
    expect((await own.call('/assets/main-abc.js', { headers: { 'if-none-match': asset.headers.etag } })).status).toBe(304);
    expect((await own.call('/assets/main-abc.js', { headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding']).toBe('gzip');
    for (const path of ['/assets/other.js', '/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%5c..%5csecret.txt', '/app/index.html', '/secret.txt']) {
      const { status, text } = await own.call(path);
      expect([path, status === 404 || text.includes('csp-nonce')]).toEqual([path, true]);
      expect(text).not.toContain('a secret');
    }
    expect((await own.call('/', { method: 'POST', body: {} })).status).toBe(405);
  });
});

describe('a server', () => {
  it('listens beyond this machine only with TLS or by --insecure, and says which port is taken', async () => {
    const options = { handlers: {} as never, feed: new LiveFeed({ epoch: 'x' }), token: 't', port: 0, log: () => undefined };
    await expect(startHttpServer({ ...options, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(startHttpServer({ ...options, port: server.port })).rejects.toMatchObject({ code: 'address_in_use', message: expect.stringContaining('--http-port') });
    options.feed.close();
  });
});

/** The head of an answer that does not end. */
async function head(path: string): Promise<{ headers: Record<string, string> }> {
  const controller = new AbortController();
  const answer = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${testToken}` }, signal: controller.signal });
  const headers = Object.fromEntries(answer.headers);
  controller.abort();
  return { headers };
}
