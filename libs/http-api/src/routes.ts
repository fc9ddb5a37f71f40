import { Readable } from 'node:stream';
import { parseWith } from '@langevin/contracts';
import { apiBase, endpoints, type Endpoint, type EndpointId, type EndpointInput, type EndpointReply } from '@langevin/contracts/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fileHeaders, type FileAnswer } from './file-answer.js';
import type { LiveFeed } from './live-feed.js';
import { HttpError } from './problem-of.js';
import { scrapePath } from './scrape.js';

type Endpoints = typeof endpoints;

/** What a handler answers: JSON of the declared schema, a file, or nothing. */
export type Answer<E extends Endpoint> = E['reply'] extends { readonly kind: 'json' } ? EndpointReply<E> : E['reply'] extends { readonly kind: 'file' } ? FileAnswer : void;

/** What answers each endpoint, given what was checked already. */
export type ApiHandlers = { readonly [Id in Exclude<EndpointId, 'streamEvents'>]: (input: EndpointInput<Endpoints[Id]>) => Promise<Answer<Endpoints[Id]>> };

/** A handler whose types the table of endpoints has tied together already. */
type AnyHandler = (input: { params: unknown; query: unknown; body: unknown }) => Promise<unknown>;

const nothing = z.strictObject({});

/** Serves every endpoint of the table; what is not declared is refused. */
export function registerRoutes(app: FastifyInstance, handlers: ApiHandlers, feed: LiveFeed): void {
  for (const [id, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const url = `${apiBase}${endpoint.path.replace(/\{(\w+)\}/g, ':$1')}`;
    if (id === 'streamEvents') {
      app.get(url, { exposeHeadRoute: false }, (request, reply) => stream(feed, request, reply));
      continue;
    }
    const handle = handlers[id as keyof ApiHandlers] as AnyHandler; // The type of ApiHandlers ties each to its endpoint.
    app.route({ method: endpoint.method, url, handler: (request, reply) => answer(endpoint, handle, request, reply) });
  }
}

/** Whether a request means a program: by the route it found, whatever the way in which its path was written, or by its path when there is none. */
export function isApi({ routeOptions, url }: FastifyRequest): boolean {
  const path = routeOptions.url ?? url.replace(/[?#].*$/s, '');
  return path.startsWith('/api/') || path === scrapePath;
}

/** What each endpoint's paths look like, and how much of them is given. Every request is compared. */
const shapes = Object.values<Endpoint>(endpoints).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${apiBase}${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  literals: path.replace(/\{\w+\}/g, '').length,
}));

/** Which methods a path of the API takes; empty when there is no such path. */
export function methodsOf(path: string): string[] {
  const fitting = shapes.filter(({ pattern }) => pattern.test(path));
  // /samples/{id}.png fits /samples/{id} too: the one that says more is meant.
  const most = Math.max(...fitting.map(({ literals }) => literals));
  return fitting.filter(({ literals }) => literals === most).map(({ method }) => method);
}

async function answer(endpoint: Endpoint, handle: AnyHandler, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const params = parseWith(endpoint.params ?? nothing, request.params, 'invalid_argument', 'path');
  const query = parseWith(endpoint.query ?? nothing, { ...(request.query as object) }, 'invalid_argument', 'query'); // Fastify parses it to an object.
  const body = bodyOf(endpoint, request.body);
  const result = await handle({ params, query, body });
  const { reply: declared } = endpoint;
  if (declared.kind === 'empty') return reply.code(204).send();
  if (declared.kind === 'json') return reply.code(declared.status).header('Cache-Control', 'no-store').send(result);
  const file = result as FileAnswer; // What ApiHandlers says of this kind.
  reply.headers(fileHeaders(declared.mediaType, file));
  return reply.send(file.body instanceof Uint8Array ? Buffer.from(file.body) : Readable.from(file.body));
}

function bodyOf(endpoint: Endpoint, body: unknown): unknown {
  if (endpoint.body) return parseWith(endpoint.body, body === undefined ? {} : body, 'invalid_argument', 'body');
  if (body === undefined) return undefined;
  return void parseWith(nothing, body, 'invalid_argument', 'body');
}

/** A browser opens six connections to an origin at most, and one stream a tab is enough. */
const maxStreams = 64;

function stream(feed: LiveFeed, request: FastifyRequest, reply: FastifyReply): void {
  parseWith(nothing, { ...(request.query as object) }, 'invalid_argument', 'query'); // Fastify parses it to an object.
  if (feed.clients >= maxStreams) throw new HttpError(503, 'unavailable', `${maxStreams} streams of events are open already: close some tabs`);
  const lastEventId = request.headers['last-event-id'];
  reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
  reply.hijack();
  reply.raw.writeHead(200);
  feed.attach(reply.raw, typeof lastEventId === 'string' ? lastEventId : undefined);
}
