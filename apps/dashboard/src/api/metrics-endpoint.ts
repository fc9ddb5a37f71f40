import { endpoints, metricKeySchema, runMetricsSchema } from '@langevin/contracts/api';
import { z } from 'zod';

/** Numbers, looked at in one pass: element by element a schema takes a hundred times as long, which is felt while zooming. */
const numbers = z.custom<number[]>((value) => Array.isArray(value) && value.every((element) => typeof element === 'number'), 'expected numbers');

const schema = z.object({
  ...runMetricsSchema.shape,
  keys: z.partialRecord(metricKeySchema, z.object({ x: numbers, min: numbers, max: numbers, last: numbers })),
});

/** The endpoint of a run's curves, whose answer is checked in a quick way. */
export const metricsEndpoint = { ...endpoints.getRunMetrics, reply: { kind: 'json', status: 200, schema } } as const;
