import { z } from 'zod';
import type { Endpoint } from './endpoint.js';
import { apiBase } from './routes.js';
import { endpoints } from './endpoints.js';
import { liveEventSchemas } from './live-event.js';
import { problemSchema } from './problem.js';

type JsonObject = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document of the HTTP API, made from the schemas that the server checks with.
 * @param version Langevin's version
 * @see https://spec.openapis.org/oas/v3.1.0
 */
export function openApiDocument(version: string): JsonObject {
  const schemas: JsonObject = {};
  const paths: Record<string, JsonObject> = {};
  for (const [id, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = `${apiBase}${endpoint.path}`;
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(id, endpoint, schemas) };
  }
  schemaOf(problemSchema, 'output', schemas);
  const events = Object.fromEntries(Object.entries(liveEventSchemas).map(([name, schema]) => [name, schemaOf(schema, 'output', schemas)]));
  return {
    openapi: '3.1.0',
    info: { title: 'Langevin', version, description: 'The HTTP API of the coordinator.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ token: [] }, { cookie: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The token of the data folder.' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'langevin', description: 'Set by `GET /?token=…`.' },
      },
    },
    'x-server-sent-events': events,
  };
}

function operation(operationId: string, endpoint: Endpoint, schemas: JsonObject): JsonObject {
  const parameters = [...parametersOf(endpoint.params, 'path', schemas), ...parametersOf(endpoint.query, 'query', schemas)];
  const required = endpoint.body !== undefined && !endpoint.body.safeParse({}).success;
  return {
    operationId,
    summary: endpoint.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(endpoint.body && { requestBody: { required, content: { 'application/json': { schema: schemaOf(endpoint.body, 'input', schemas) } } } }),
    responses: { [endpoint.reply.status]: success(endpoint, schemas), default: problem },
  };
}

function success({ reply }: Endpoint, schemas: JsonObject): JsonObject {
  if (reply.kind === 'empty') return { description: 'Done.' };
  if (reply.kind === 'json') return { description: 'Success.', content: { 'application/json': { schema: schemaOf(reply.schema, 'output', schemas) } } };
  return { description: 'Success.', content: { [reply.mediaType]: { schema: { type: 'string', ...(reply.mediaType !== 'text/event-stream' && { contentMediaType: reply.mediaType }) } } } };
}

const problem = { description: 'What was wrong (RFC 9457).', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };

function parametersOf(object: z.ZodObject | undefined, place: 'path' | 'query', schemas: JsonObject): JsonObject[] {
  return Object.entries(object?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || !(schema as z.ZodType).safeParse(undefined).success, // What a ZodObject's shape holds.
    schema: schemaOf(schema as z.ZodType, 'input', schemas),
  }));
}

/** JSON Schema of a value; what has an id becomes a component and a reference to it. */
function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output', schemas: JsonObject): JsonObject {
  const { $schema: _dialect, $defs, ...body } = z.toJSONSchema(schema, { io, reused: 'inline', unrepresentable: 'throw', override: simplify });
  Object.assign(schemas, $defs);
  return relocate(body, schemas);
}

/**
 * A whole number is written as digits where everything is text; OpenAPI wants what it means. Of tuples, whose parts are alike
 * here, tools know lists better.
 */
function simplify({ jsonSchema }: { jsonSchema: JsonObject }): void {
  if (jsonSchema['type'] === 'integer') delete jsonSchema['pattern'];
  const parts = jsonSchema['prefixItems'];
  if (!Array.isArray(parts)) return;
  delete jsonSchema['prefixItems'];
  Object.assign(jsonSchema, { items: parts[0], minItems: parts.length, maxItems: parts.length });
}

function relocate(body: JsonObject, schemas: JsonObject): JsonObject {
  const text = JSON.stringify(body).replaceAll('#/$defs/', '#/components/schemas/');
  for (const [id, definition] of Object.entries(schemas)) schemas[id] = JSON.parse(JSON.stringify(definition).replaceAll('#/$defs/', '#/components/schemas/'));
  const moved = JSON.parse(text) as JsonObject; // Just stringified.
  const { id, ...rest } = moved;
  if (typeof id !== 'string') return moved;
  schemas[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
}
