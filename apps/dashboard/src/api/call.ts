import { maxPageSize, problemSchema } from '@langevin/contracts/api';
import type { Endpoint, EndpointReply, Page } from '@langevin/contracts/api';
import type { z } from 'zod';
import { endpointUrl } from './endpoint-url.js';
import type { UrlValues } from './endpoint-url.js';
import { RequestError } from './request-error.js';

/** What a call is given beside the endpoint. */
export interface CallInput<E extends Endpoint> {
  readonly params?: UrlValues;
  readonly query?: UrlValues;
  readonly body?: E['body'] extends z.ZodType ? z.input<E['body']> : never;
  readonly signal?: AbortSignal;
}

/**
 * Calls an endpoint of the coordinator and reads its answer by the endpoint's schema.
 * @throws RequestError with the server's code and message, or `unreachable` without an answer.
 */
export async function call<E extends Endpoint>(endpoint: E, { params, query, body, signal }: CallInput<E> = {}): Promise<EndpointReply<E>> {
  const init: RequestInit = { method: endpoint.method, credentials: 'same-origin' };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'content-type': 'application/json' };
  }
  const response = await reach(endpointUrl(endpoint.path, params, query), init);
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problemOf(response.status, answer, endpoint);
  const { reply } = endpoint;
  // The schema is that of `E`; the compiler loses this when it narrows the union.
  return (reply.kind === 'json' ? reply.schema.parse(answer) : undefined) as EndpointReply<E>;
}

/** An endpoint that answers with a page of a list. */
interface ListEndpoint<Item> extends Endpoint {
  readonly reply: { readonly kind: 'json'; readonly status: 200 | 201 | 202; readonly schema: z.ZodType<Page<Item>> };
}

/** Calls a list endpoint, page after page, until the list is whole. */
export async function callAll<Item>(endpoint: ListEndpoint<Item>, { params = {}, signal }: { readonly params?: UrlValues; readonly signal?: AbortSignal } = {}): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const input = { params, query: { limit: maxPageSize, cursor } };
    const page: Page<Item> = await call(endpoint, signal ? { ...input, signal } : input);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new RequestError(0, 'unreachable', 'The coordinator does not answer.', { cause: thrown });
  }
}

function problemOf(status: number, answer: unknown, { method, path }: Endpoint): RequestError {
  const problem = problemSchema.safeParse(answer);
  if (problem.success) return new RequestError(status, problem.data.code, problem.data.detail);
  return new RequestError(status, 'internal', `The coordinator answered ${status} to ${method} ${path}.`);
}
