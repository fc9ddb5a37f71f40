import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { LangevinError } from '@langevin/contracts';
import { checkExposure, type TlsIdentity } from '@langevin/rpc';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { Access } from './access.js';
import { readDashboard } from './dashboard-files.js';
import type { LiveFeed } from './live-feed.js';
import { logIn, sendLogInPage, sendPage } from './pages.js';
import { HttpError, problemOf } from './problem-of.js';
import { guardRequest, type ServerNames } from './request-guard.js';
import { isApi, methodsOf, registerRoutes, type ApiHandlers } from './routes.js';
import { registerScrape, type ScrapeAnswer } from './scrape.js';
import { securityHeaders } from './security-headers.js';

/** What an HTTP server needs. */
export interface HttpServerOptions {
  readonly handlers: ApiHandlers;
  readonly feed: LiveFeed;
  /** What `GET /metrics` answers. @default there is nothing there */
  readonly scrape?: (() => Promise<ScrapeAnswer>) | undefined;
  /** Every request must bring it, or the cookie that it was exchanged for. */
  readonly token: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default nothing is encrypted */
  readonly tls?: TlsIdentity | undefined;
  /** Allows a host beyond this machine without TLS. @default false */
  readonly insecure?: boolean;
  /** Further names that people open it by, such as that of the machine. */
  readonly names?: readonly string[];
  /** Folder of the built dashboard. @default a page that says that there is none */
  readonly dashboard?: string | undefined;
  /** Receives a line for each mistake of the program. */
  readonly log: (line: string) => void;
}

/** A running HTTP server. */
export interface HttpServer extends AsyncDisposable {
  /** `http://host:port`, as this machine opens it. */
  readonly url: string;
}

/** A job specification is far smaller. */
const bodyLimit = 1024 ** 2;
/** What Node takes for a whole head: schemas say what is too long. */
const maxParamLength = 16 * 1024;

/**
 * Serves the API and the dashboard.
 * @throws LangevinError `address_in_use`; `invalid_argument` for a host beyond this machine without TLS
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host = '127.0.0.1', port, tls, insecure, feed } = options;
  checkExposure({ host, tls, insecure });
  const app = createApp(options);
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException; // What listen rejects with.
    if (code === 'EADDRINUSE') throw new LangevinError('address_in_use', `port ${port} of ${host} is taken: choose another one with --http-port`, { cause });
    throw new LangevinError('internal', `cannot listen on ${host}:${port}: ${message}`, { cause });
  }
  const { port: bound } = app.server.address() as AddressInfo; // It listens on a port.
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return {
    url: `${tls ? 'https' : 'http'}://${shown.includes(':') ? `[${shown}]` : shown}:${bound}`,
    [Symbol.asyncDispose]: async () => {
      feed.close();
      const closing = app.close();
      app.server.closeAllConnections();
      await closing;
    },
  };
}

function createApp(options: HttpServerOptions): FastifyInstance {
  const { tls } = options;
  const common = { bodyLimit, routerOptions: { maxParamLength }, forceCloseConnections: true } as const;
  // Fastify's type tells the two servers apart; nothing here does.
  const app = (tls ? Fastify({ ...common, https: { cert: tls.certificate, key: tls.key } }) : Fastify(common)) as FastifyInstance;
  // JSON alone: what a form of another page may send without asking is refused.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((thrown, _request, reply) => {
    const error = fromFastify(thrown);
    const problem = problemOf(error);
    if (problem.status === 500) options.log(`HTTP: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
    return reply
      .code(problem.status)
      .headers({ ...(error instanceof HttpError && error.headers), ...(problem.status === 401 && { 'WWW-Authenticate': 'Bearer realm="langevin"' }), 'Cache-Control': 'no-store' })
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  });
  guard(app, options);
  registerRoutes(app, options.handlers, options.feed);
  if (options.scrape) registerScrape(app, options.scrape);
  const files = options.dashboard === undefined ? new Map() : readDashboard(options.dashboard);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/[?#].*$/s, '');
    const page = !isApi(request) && ['GET', 'HEAD'].includes(request.method) ? sendPage(files, request, reply) : null;
    if (page) return page;
    throw new HttpError(404, 'object_missing', `there is nothing at ${path}`);
  });
  return app;
}

/** Before a request is read any further: headers of every answer, whence it comes, and whether it may. */
function guard(app: FastifyInstance, { tls, token, names = [] }: HttpServerOptions): void {
  const server: ServerNames = { scheme: tls ? 'https' : 'http', names: [...names, ...certifiedNames(tls)] };
  let access: Access | undefined;
  app.addHook('onRequest', async (request, reply) => {
    access ??= new Access(token, (app.server.address() as AddressInfo).port); // It listens on a port.
    reply.headers(securityHeaders());
    const { host, origin, authorization, cookie, 'sec-fetch-site': fetchSite } = request.headers;
    const site = Array.isArray(fetchSite) ? fetchSite[0] : fetchSite;
    guardRequest({ isApi: isApi(request), host, origin, fetchSite: site, localAddress: request.socket.localAddress }, server);
    if (logIn(access, tls !== undefined, request, reply)) return reply;
    if (access.allows({ authorization, cookie })) return refuseMethod(request);
    if (!isApi(request) && ['GET', 'HEAD'].includes(request.method)) return sendLogInPage(reply);
    throw new LangevinError('unauthenticated', 'the request brings no valid token: send `Authorization: Bearer TOKEN` with the token of the data folder, or open the address that `langevin up` printed');
  });
}

/** Before a body is read: what is no method of a path need not be looked at. */
function refuseMethod({ url, method }: FastifyRequest): void {
  // Also where the router has found something: DELETE /samples/{id}.png would be DELETE /samples/{id}.
  const path = url.replace(/[?#].*$/s, '');
  const methods = path.startsWith('/api/') ? methodsOf(path) : ['GET'];
  if (methods.includes('GET')) methods.push('HEAD');
  if (methods.length === 0 || methods.includes(method)) return;
  throw new HttpError(405, 'invalid_argument', `${method} is no method of ${path}`, { Allow: methods.join(', ') });
}

function certifiedNames(tls: TlsIdentity | undefined): string[] {
  const names = tls ? (new X509Certificate(tls.certificate).subjectAltName ?? '') : '';
  return [...names.matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) => name.toLowerCase());
}

/** What Fastify itself refuses: too large, no JSON, another media type. */
function fromFastify(thrown: unknown): unknown {
  if (thrown instanceof LangevinError || !(thrown instanceof Error)) return thrown;
  const status: unknown = 'statusCode' in thrown ? thrown.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) return thrown;
  return new HttpError(status, 'invalid_argument', thrown.message.replace(/\s+/g, ' '));
}
