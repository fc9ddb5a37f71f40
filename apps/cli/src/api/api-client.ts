import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { LangevinError, parseWith, type ErrorCode } from '@langevin/contracts';
import { apiBase, endpoints, maxPageSize, problemSchema, type Endpoint, type EndpointId, type EndpointReply, type LiveEvent, type Page } from '@langevin/contracts/api';
import { liveEvents } from './event-stream.js';
import type { ApiAddress } from './find-api.js';

/** Endpoints that are asked with GET and answer with JSON. */
export type QueryId = { [Id in EndpointId]: (typeof endpoints)[Id] extends { readonly method: 'GET'; readonly reply: { readonly kind: 'json' } } ? Id : never }[EndpointId];

/** What an endpoint is asked with: the parameters of its path, and its query. */
export interface ApiQuery {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
}

/** A connection that says nothing for so long is broken: a stream of events has a heartbeat every 15 s. */
const silenceMs = 45_000;

/** Asks the HTTP API of a coordinator. What it answers is checked by the schemas of the contract. */
export class ApiClient {
  readonly #address: ApiAddress;

  constructor(address: ApiAddress) {
    this.#address = address;
  }

  /**
   * What an endpoint answers.
   * @throws LangevinError the code and the words of the API's own error; `unavailable` when nobody answers; `unauthenticated` for a
   * certificate of another authority; `cancelled` when `signal` was aborted
   */
  async get<Id extends QueryId>(id: Id, input: ApiQuery = {}, signal?: AbortSignal): Promise<EndpointReply<(typeof endpoints)[Id]>> {
    const endpoint: Endpoint = endpoints[id];
    const response = await this.#open(pathOf(endpoint, input), signal);
    const answer = parseJson(await text(response).catch((thrown: unknown) => this.#fail(thrown, signal)));
    if (endpoint.reply.kind !== 'json') throw new LangevinError('internal', `${id} does not answer with JSON`);
    // The schema of this very endpoint.
    return parseWith(endpoint.reply.schema, answer, 'internal', `answer of ${this.#address.url}`) as EndpointReply<(typeof endpoints)[Id]>;
  }

  /** Every item of a list, page by page. @throws LangevinError as `get` */
  async all<Item>(page: (query: { limit: number; cursor?: string }) => Promise<Page<Item>>): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | undefined; ; ) {
      const { items: some, nextCursor } = await page({ limit: maxPageSize, ...(cursor !== undefined && { cursor }) });
      items.push(...some);
      if (nextCursor === undefined) return items;
      cursor = nextCursor;
    }
  }

  /**
   * What happens from now on: nothing is missed once the promise has resolved.
   * @throws LangevinError as `get`; while it is read, `unavailable` when the connection ends
   */
  async events(signal: AbortSignal): Promise<AsyncIterable<LiveEvent>> {
    return liveEvents(await this.#open(pathOf(endpoints.streamEvents, {}), signal));
  }

  async #open(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#send(path, signal).catch((thrown: unknown) => this.#fail(thrown, signal));
    if ((response.statusCode ?? 500) < 300) return response;
    throw problemOf(await text(response).catch((thrown: unknown) => this.#fail(thrown, signal)), response.statusCode, this.#address.url);
  }

  #fail(thrown: unknown, signal: AbortSignal | undefined): never {
    throw signal?.aborted ? new LangevinError('cancelled', 'stopped asking', { cause: signal.reason }) : unreachable(this.#address.url, thrown);
  }

  #send(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const { url, token, tls } = this.#address;
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' };
      const asked = request(`${url}${path}`, { headers, ...(tls && { ca: tls.ca }), ...(signal && { signal }) }, resolve);
      asked.setTimeout(silenceMs, () => asked.destroy(new Error(`it has said nothing for ${silenceMs / 1000} s`)));
      asked.on('error', reject);
      asked.end();
    });
  }
}

function pathOf({ path }: Endpoint, { params = {}, query = {} }: ApiQuery): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
  return `${apiBase}${filled}${asked === '' ? '' : `?${asked}`}`;
}

/** What the API says went wrong; of anything else that listens there, that it is none. */
function problemOf(body: string, status: number | undefined, url: string): LangevinError {
  const problem = problemSchema.safeParse(parseJson(body)).data;
  if (problem) return new LangevinError(problem.code as ErrorCode, problem.detail); // The contract says which codes there are.
  return new LangevinError('unavailable', `what answers at ${url} (HTTP ${status}) is no coordinator: name its HTTP API with --http-url`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not the API: the caller says so.
    return undefined;
  }
}

/** Why nobody answers: Node's codes of refused certificates are words of OpenSSL. */
function unreachable(url: string, cause: unknown): LangevinError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : LangevinError.from(cause).message;
  if (/CERT|SIGNATURE|ISSUER/.test(code)) {
    return new LangevinError('unauthenticated', `the certificate of ${url} is refused (${code}): both ends need certificates of the same authority; name their folder with --tls`, { cause });
  }
  return new LangevinError('unavailable', `no coordinator answers at ${url} (${code}): start one with \`langevin up\`, or name its HTTP API with --http-url`, { cause });
}
