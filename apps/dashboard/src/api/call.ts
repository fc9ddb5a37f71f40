import type { EndpointInput, EndpointReply, Page, endpoints } from '@langevin/contracts/api';
import { maxPageSize, routes } from '@langevin/contracts/api/routes';
import { takeEarlyAnswer } from './early-answers.js';
import { endpointUrl } from './endpoint-url.js';
import type { UrlValues } from './endpoint-url.js';
import { loadSchemas } from './load-schemas.js';
import { RequestError } from './request-error.js';

type Endpoints = typeof endpoints;

/** What a call is given beside the endpoint. */
export interface CallInput<Id extends keyof Endpoints> {
  readonly params?: UrlValues;
  readonly query?: UrlValues;
  readonly body?: EndpointInput<Endpoints[Id]>['body'];
  readonly signal?: AbortSignal;
}

/**
 * Calls an endpoint of the coordinator and reads its answer by the endpoint's schema.
 * @throws RequestError with the server's code and message; `unreachable` without an answer, `unexpected_answer` for one that the schema refuses
 */
export async function call<Id extends keyof Endpoints>(id: Id, input: CallInput<Id> = {}): Promise<EndpointReply<Endpoints[Id]>> {
  const answer = await callRaw(id, input);
  const { reply } = (await loadSchemas()).endpoints[id];
  if (reply.kind !== 'json') return undefined as EndpointReply<Endpoints[Id]>; // What it is for these.
  const parsed = reply.schema.safeParse(answer);
  if (!parsed.success) throw unexpected(id, parsed.error);
  return parsed.data as EndpointReply<Endpoints[Id]>; // The schema is that of `Id`; the compiler loses this when it narrows the union.
}

/** Calls an endpoint whose answer the caller reads. @throws RequestError as `call` */
export async function callRaw<Id extends keyof Endpoints>(id: Id, { params, query, body, signal }: CallInput<Id>): Promise<unknown> {
  const { method, path } = routes[id];
  const init: RequestInit = { method, credentials: 'same-origin' };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'content-type': 'application/json' };
  }
  const url = endpointUrl(path, params, query);
  const response = await reach(takeEarlyAnswer(url) ?? fetch(url, init));
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problemOf(response.status, answer);
  return answer;
}

/** Ids of the endpoints that answer with a page of a list. */
type ListId = { [Id in keyof Endpoints]: EndpointReply<Endpoints[Id]> extends Page<unknown> ? Id : never }[keyof Endpoints];
/** What the list of an endpoint holds. */
type ItemOf<Id extends ListId> = EndpointReply<Endpoints[Id]> extends Page<infer Item> ? Item : never;

/** Calls a list endpoint, page after page, until the list is whole. @throws RequestError as `call` */
export async function callAll<Id extends ListId>(id: Id, { params = {}, signal }: { readonly params?: UrlValues; readonly signal?: AbortSignal } = {}): Promise<ItemOf<Id>[]> {
  const items: ItemOf<Id>[] = [];
  let cursor: string | undefined;
  do {
    const input = { params, query: { limit: maxPageSize, cursor } };
    const page = (await call(id, signal ? { ...input, signal } : input)) as Page<ItemOf<Id>>; // As `ListId` says.
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

/** An answer of another shape than this page knows. */
export function unexpected(id: keyof Endpoints, cause: unknown): RequestError {
  return new RequestError(200, 'unexpected_answer', `The coordinator answers in a way that this page does not know (${id}): reload the page, the coordinator may be newer.`, { cause });
}

async function reach(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new RequestError(0, 'unreachable', 'The coordinator does not answer.', { cause: thrown });
  }
}

/** RFC 9457, as far as people are told. */
function problemOf(status: number, answer: unknown): RequestError {
  const { detail, code } = typeof answer === 'object' && answer !== null ? (answer as { readonly detail?: unknown; readonly code?: unknown }) : {}; // Each is looked at.
  if (typeof detail === 'string' && typeof code === 'string') return new RequestError(status, code, detail);
  return new RequestError(status, 'internal', `The coordinator answered with status ${status} and gave no reason.`);
}
