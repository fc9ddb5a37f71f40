import { z } from 'zod';
import { step, time } from './fields.js';

/** What is recorded at each committed step, in the order of the columns. */
export const metricKeys = ['loss', 'gradientNorm', 'learningRate', 'imagesPerSecond'] as const;
/** Schema of `MetricKey`. */
export const metricKeySchema = z.enum(metricKeys);
/**
 * `loss`: mean training loss. `gradientNorm`: Euclidean, before clipping. `learningRate`: as applied. `imagesPerSecond`: over
 * the last steps.
 */
export type MetricKey = z.infer<typeof metricKeySchema>;

/** Schema of `MetricPoint`. */
export const metricPointSchema = z
  .object({
    step,
    /** When the step was committed. */
    time,
    loss: z.number(),
    learningRate: z.number(),
    gradientNorm: z.number(),
    /** 0 until two steps of the attempt were committed. */
    imagesPerSecond: z.number(),
  })
  .meta({ id: 'MetricPoint' });
/** What was recorded of one committed step. */
export type MetricPoint = z.infer<typeof metricPointSchema>;

/** Schema of `MetricSeries`. */
export const metricSeriesSchema = z
  .object({
    /** Where each bucket's last point lies: a step, or milliseconds since 1970. Strictly ascending over steps, ascending over time. */
    x: z.array(z.number()),
    min: z.array(z.number()),
    max: z.array(z.number()),
    /** Value of each bucket's last point. */
    last: z.array(z.number()),
  })
  .meta({ id: 'MetricSeries' });
/** A curve in buckets: no spike is lost, whatever the zoom. */
export type MetricSeries = z.infer<typeof metricSeriesSchema>;

/** Schema of `RunMetrics`. */
export const runMetricsSchema = z
  .object({
    x: z.enum(['step', 'time']),
    /** One curve for each key that was asked for. */
    keys: z.partialRecord(metricKeySchema, metricSeriesSchema),
    /** The newest recorded step; null before the first. */
    lastStep: step.nullable(),
  })
  .meta({ id: 'RunMetrics' });
/** The curves of a run; superseded attempts are hidden, so that there is one value a step. */
export type RunMetrics = z.infer<typeof runMetricsSchema>;

/** Schema of `ManyMetrics`. */
export const manyMetricsSchema = z.object({ runs: z.record(z.string(), runMetricsSchema) }).meta({ id: 'ManyMetrics' });
/** The curves of several runs, by their names. */
export type ManyMetrics = z.infer<typeof manyMetricsSchema>;
