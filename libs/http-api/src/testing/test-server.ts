import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { LiveFeed, type LiveFeedOptions } from '../live-feed.js';
import { startHttpServer, type HttpServer, type HttpServerOptions } from '../http-server.js';
import type { ApiHandlers } from '../routes.js';

/** What every request of a spec brings. */
export const testToken = 'correct-horse-battery-staple';

/** A real server on a free port whose handlers are those that a spec gives; the others must not be reached. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly feed: LiveFeed;
  readonly log: string[];
  /** Calls it, with the token unless `headers` bring another one. */
  call(path: string, options?: CallOptions): Promise<Answered>;
}

/** What a call may have different. */
export interface CallOptions {
  readonly method?: string;
  /** A value of `undefined` leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** A string goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** An answer, read whole. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

/** Starts it. */
export async function startTestServer(handlers: Partial<ApiHandlers> = {}, options: Partial<HttpServerOptions> = {}, feedOptions: Partial<LiveFeedOptions> = {}): Promise<TestServer> {
  const feed = new LiveFeed({ epoch: 'test', ...feedOptions });
  const log: string[] = [];
  const server: HttpServer = await startHttpServer({
    handlers: handlers as ApiHandlers, // A missing one is a mistake of the spec, and answers 500.
    feed,
    token: testToken,
    port: 0,
    log: (line) => void log.push(line),
    ...options,
  });
  const port = Number(new URL(server.url).port);
  return { url: server.url, port, feed, log, call: (path, call) => send(port, path, call), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Paths go out as they are: `fetch` would clean them up. */
function send(port: number, path: string, { method = 'GET', headers = {}, body }: CallOptions = {}): Promise<Answered> {
  const sent: Record<string, string> = { host: `127.0.0.1:${port}`, authorization: `Bearer ${testToken}`, ...(body !== undefined && { 'content-type': 'application/json' }) };
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) delete sent[name];
    else sent[name] = value;
  }
  return new Promise((resolve, reject) => {
    const call = httpRequest({ host: '127.0.0.1', port, path, method, headers: sent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: parse(text) }));
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page or a picture.
    return undefined;
  }
}

/** A stream of events as a browser reads it. */
export interface EventReader extends Disposable {
  readonly socket: Socket;
  /** The next event, without comments. */
  next(): Promise<{ readonly id: string; readonly event: string; readonly data: unknown }>;
  /** The id that the stream was last at. */
  readonly lastId: string;
}

/** Opens the stream of events. */
export function readEvents(port: number, lastEventId?: string): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const headers = { host: `127.0.0.1:${port}`, authorization: `Bearer ${testToken}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
    const call = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/events', headers }, (answer) => {
      answer.setEncoding('utf8');
      const pieces = answer[Symbol.asyncIterator]() as AsyncIterator<string>; // Its encoding is set.
      let rest = '';
      let lastId = '';
      const next: EventReader['next'] = async () => {
        for (;;) {
          const end = rest.indexOf('\n\n');
          if (end < 0) {
            const piece = await pieces.next();
            if (piece.done) throw new Error('the stream ended');
            rest += piece.value;
            continue;
          }
          const fields = new Map(rest.slice(0, end).split('\n').map((line) => [line.replace(/:.*$/s, ''), line.replace(/^[^:]*: ?/, '')]));
          rest = rest.slice(end + 2);
          lastId = fields.get('id') ?? lastId;
          const data = fields.get('data');
          if (data !== undefined) return { id: lastId, event: fields.get('event') ?? 'message', data: JSON.parse(data) as unknown };
        }
      };
      resolve({
        socket: answer.socket,
        next,
        get lastId() {
          return lastId;
        },
        [Symbol.dispose]: () => answer.destroy(),
      });
    });
    call.on('error', reject);
    call.end();
  });
}
