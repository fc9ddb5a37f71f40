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
  if (!index) return sendText(reply, 200, 'Langevin', 'The dashboard is not built. Build it with <code>npm run build</code>; the API under <code>/api/v1</code> works without it.');
  const nonce = randomBytes(16).toString('base64');
  return reply
    .headers({ ...securityHeaders(nonce), 'Content-Type': index.mediaType, 'Cache-Control': 'no-cache' })
    .send(index.bytes.toString('utf8').replaceAll(noncePlace, nonce));
}

/** What a browser without the cookie sees. */
export function sendLogInPage(reply: FastifyReply): FastifyReply {
  return sendText(reply, 401, 'Langevin: log in', 'Open the address that <code>langevin up</code> printed on its terminal: it holds the token of this cluster, and is needed once in each browser. It is this one with <code>/?token=</code> and what the file <code>token</code> of the data folder holds.');
}

function sendAsset({ bytes, gzip, mediaType, etag, isImmutable }: DashboardFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ ETag: etag, Vary: 'Accept-Encoding', 'Cache-Control': isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  reply.header('Content-Type', mediaType);
  if (gzip && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.header('Content-Encoding', 'gzip').send(gzip);
  return reply.send(bytes);
}

function sendText(reply: FastifyReply, status: number, title: string, text: string): FastifyReply {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`;
  return reply.code(status).headers({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).send(html);
}
