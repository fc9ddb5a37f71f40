import type { z } from 'zod';
import type { Route } from './routes.js';

/** What a call gives and what it gets, for servers, clients and the OpenAPI document. */
export interface Endpoint extends Route {
  /** One line for the document. */
  readonly summary: string;
  /** The parameters of the path. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What a success answers: JSON of a schema, a file of a media type, or nothing. */
  readonly reply: JsonReply | FileReply | EmptyReply;
}

/** A success that answers with JSON. */
export interface JsonReply {
  readonly kind: 'json';
  readonly status: 200 | 201 | 202;
  readonly schema: z.ZodType;
}

/** A success that answers with bytes. */
export interface FileReply {
  readonly kind: 'file';
  readonly status: 200;
  readonly mediaType: 'image/png' | 'application/octet-stream' | 'text/event-stream';
}

/** A success that has nothing to say. */
export interface EmptyReply {
  readonly kind: 'empty';
  readonly status: 204;
}

/** Everything that an endpoint is given, checked: what is not declared is an empty object. */
export interface EndpointInput<E extends Endpoint> {
  readonly params: E['params'] extends z.ZodType ? z.output<E['params']> : Record<string, never>;
  readonly query: E['query'] extends z.ZodType ? z.output<E['query']> : Record<string, never>;
  readonly body: E['body'] extends z.ZodType ? z.output<E['body']> : undefined;
}

/** What an endpoint that answers with JSON answers. */
export type EndpointReply<E extends Endpoint> = E['reply'] extends { readonly schema: infer S extends z.ZodType } ? z.output<S> : never;

/** An endpoint that answers with JSON. */
export const json = <S extends z.ZodType>(schema: S, status: JsonReply['status'] = 200) => ({ kind: 'json', status, schema }) as const;
/** An endpoint that answers with bytes. */
export const file = (mediaType: FileReply['mediaType']) => ({ kind: 'file', status: 200, mediaType }) as const;
/** An endpoint that answers with nothing. */
export const empty = { kind: 'empty', status: 204 } as const;
