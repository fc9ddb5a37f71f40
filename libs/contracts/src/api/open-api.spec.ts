import { endpoints } from './endpoints.js';
import type { Endpoint } from './endpoint.js';
import { openApiDocument } from './open-api.js';
import { apiBase } from './routes.js';
import { sampleRequestSchema } from './sample-job.js';

type Json = Record<string, unknown>;

describe('the OpenAPI document', () => {
  const document = openApiDocument('1.2.3');
  const paths = document['paths'] as Record<string, Record<string, Json>>; // Made by openApiDocument.

  it('has every endpoint under its operation id', () => {
    const found = Object.values(paths).flatMap((operations) => Object.values(operations).map(({ operationId }) => operationId));
    expect(found.sort()).toEqual(Object.keys(endpoints).sort());
    for (const endpoint of Object.values<Endpoint>(endpoints)) expect(Object.keys(paths)).toContain(`${apiBase}${endpoint.path}`);
  });

  it('refers only to components that it has', () => {
    const { schemas } = document['components'] as { schemas: Json }; // As above.
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
    expect(new Set(references).size).toBeGreaterThan(20);
    expect(references.filter((name) => !(name in schemas))).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('declares each parameter of a path, and numbers in a query as numbers', () => {
    for (const [path, operations] of Object.entries(paths)) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(operations)) {
        const declared = (parameters as Json[]).filter((parameter) => parameter['in'] === 'path').map(({ name }) => name); // As above.
        expect([path, declared]).toEqual([path, wanted]);
      }
    }
    const parameters = paths[`${apiBase}/runs`]?.['get']?.['parameters'] as Json[]; // As above.
    expect(parameters.find(({ name }) => name === 'limit')).toMatchObject({ in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 1000 } });
  });
});

describe('a request for samples', () => {
  const good = { run: 'digits', labels: [7], guidanceScale: 2, sampler: 'ddim', steps: 10, seed: 0 };

  it('may leave the guidance to what suits the model', () => {
    expect(sampleRequestSchema.safeParse({ ...good, guidanceScale: undefined }).success).toBe(true);
  });

  it.each([
    ['two sources', { model: 'digits' }],
    ['no source', { run: undefined }],
    ['a step of no run', { run: undefined, model: 'digits', step: 3 }],
    ['a scale of no classifier', { classifierScale: 2 }],
    ['too many images', { labels: new Array(257).fill(0) }],
    ['an unknown key', { uri: 'http://example.org' }],
  ])('is refused with %s', (_what, change) => {
    expect(sampleRequestSchema.safeParse(good).success).toBe(true);
    expect(sampleRequestSchema.safeParse({ ...good, ...change }).success).toBe(false);
  });
});
