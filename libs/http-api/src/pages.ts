import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './access.js';
import type { DashboardFile } from './dashboard-files.js';
import { isApi } from './routes.js';
import { securityHeaders } from './security-headers.js';

/** In `index.html` it becomes the nonce of this answer, for libraries that make style elements. */
const noncePlace = '%CSP_NONCE%';

/** Answers a browser that shows the token with a cookie, and sends it on to the same page without the token. */
export function logIn(access: Access, isSecure: boolean, request: FastifyRequest, reply: FastifyReply): FastifyReply | null {
  // By hand: what a client sends need not be a URL, as // is none.
  const [, path = '', query = ''] = /^([^?#]*)\??([^#]*)/.exec(request.url) ?? [];
  const search = new URLSearchParams(query);
  const token = search.get('token');
  if (token === null || !['GET', 'HEAD'].includes(request.method) || isApi(request) || !access.isToken(token)) return null;
  search.delete('token');
  // A path like //elsewhere would be another host, and http://elsewhere too.
  const target = `/${path.startsWith('/') ? path.replace(/^[/\\\s]+/, '') : ''}${search.size > 0 ? `?${search.toString()}` : ''}`;
  return reply.code(303).header('Set-Cookie', access.setCookie(isSecure)).header('Cache-Control', 'no-store').header('Location', target).send();
}

/** A page of the dashboard, one of its assets, or the page that says that it is not built. */
export function sendPage(files: ReadonlyMap<string, DashboardFile>, request: FastifyRequest, reply: FastifyReply): FastifyReply | null {
  const path = request.url.replace(/[?#].*$/s, '');
  const asset = path === '/' ? undefined : files.get(path);
  if (asset) return sendAsset(asset, request, reply);
  const isPage = !path.startsWith('/assets/') && !/\.\w+$/.test(path);
  if (!isPage) return null;
  const index = files.get('/index.html');
  if (!index) return sendText(reply, 200, 'The dashboard is not here yet', '<p>The dashboard is not built. Build it with <code>npm run build</code>; the API under <code>/api/v1</code> works without it.</p>');
  const nonce = randomBytes(16).toString('base64');
  return reply
    .headers({ ...securityHeaders(nonce), 'Content-Type': index.mediaType, 'Cache-Control': 'no-cache' })
    .send(index.bytes.toString('utf8').replaceAll(noncePlace, nonce));
}

/** What a browser without the cookie sees. */
export function sendLogInPage(reply: FastifyReply): FastifyReply {
  return sendText(
    reply,
    401,
    'Log in',
    `<p>Open the address that <code>npx langevin up</code> printed on its terminal. It holds the token of this cluster, and is needed once in each browser.</p>
<p>The terminal is gone? It is this address with <code>/?token=…</code> behind it, where … is what the file <code>token</code> of the data folder holds:</p>
<pre>cat .langevin/token</pre>`,
  );
}

function sendAsset({ bytes, gzip, mediaType, etag, isImmutable }: DashboardFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ ETag: etag, Vary: 'Accept-Encoding', 'Cache-Control': isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  reply.header('Content-Type', mediaType);
  if (gzip && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.header('Content-Encoding', 'gzip').send(gzip);
  return reply.send(bytes);
}

/** The dashboard's own colours and type, so that nobody wonders where they have got to. */
const style = `:root{color-scheme:light dark;--bg:#fafafb;--surface:#fff;--raised:#f2f3f6;--line:#e5e7eb;--ink:#14171c;--ink-2:#4a505b;--accent:#3f51d6}
@media(prefers-color-scheme:dark){:root{--bg:#0d0f13;--surface:#13161b;--raised:#1c2027;--line:#262b33;--ink:#eceef2;--ink-2:#b4bac5;--accent:#93a0ff}}
body{margin:0;min-height:100dvh;display:grid;place-items:center;background:var(--bg);color:var(--ink-2);font:0.875rem/1.5 Inter,ui-sans-serif,system-ui,sans-serif}
main{box-sizing:border-box;width:min(28rem,100% - 2rem);margin:1rem;padding:1.5rem;border:1px solid var(--line);border-radius:12px;background:var(--surface)}
header{display:flex;align-items:center;gap:8px;color:var(--ink);font-weight:600}
h1{margin:1rem 0 0;color:var(--ink);font-size:1.375rem;line-height:1.75rem;letter-spacing:-0.01em}
p{margin:0.75rem 0 0}
code,pre{padding:1px 5px;border-radius:4px;background:var(--raised);color:var(--ink);font:0.8125rem/1.5 ui-monospace,'SF Mono','DejaVu Sans Mono',monospace;overflow-wrap:anywhere}
pre{margin:0.75rem 0 0;padding:8px 10px;border-radius:6px}`;

const mark =
  '<svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#3f51d6"/><path d="M6 21c3-1 3-11 6-11s2 12 5 12 3-9 5-9 2 5 4 6" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>';

/** @param body paragraphs in HTML */
function sendText(reply: FastifyReply, status: number, title: string, body: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title} · Langevin</title><style nonce="${nonce}">${style}</style>`;
  const html = `<!doctype html><html lang="en"><head>${head}</head><body><main><header>${mark}Langevin</header><h1>${title}</h1>${body}</main></body></html>`;
  return reply.code(status).headers({ ...securityHeaders(nonce), 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).send(html);
}
