import { z } from 'zod';
import { checkpointInfoSchema } from './checkpoint.js';
import { step } from './fields.js';
import { metricPointSchema } from './metrics.js';
import { nodeInfoSchema } from './node.js';
import { runEventSchema, runSummarySchema } from './run.js';
import { sampleJobSchema } from './sample-job.js';
import { drawingPictureSchema } from './sample-matrix.js';

/** The data of each Server-Sent Event, by its `event:` name. */
export const liveEventSchemas = {
  /** A run changed. While it trains: at most twice a second. */
  run: runSummarySchema,
  /** New points of a run, and only those. */
  metrics: z.object({ run: z.string(), points: z.array(metricPointSchema) }),
  runEvent: z.object({ run: z.string(), event: runEventSchema }),
  /** A checkpoint was committed. */
  checkpoint: z.object({ run: z.string(), checkpoint: checkpointInfoSchema }),
  /** The picture of a checkpoint is there. */
  samples: z.object({ run: z.string(), step }),
  /** Which pictures of a run are still to come, whenever that changes, and as they make progress. */
  drawing: z.object({ run: z.string(), drawing: z.array(drawingPictureSchema) }),
  /** Versions or aliases of a model changed: read it again. */
  model: z.object({ name: z.string() }),
  /** All trainers; at most once a second. */
  nodes: z.array(nodeInfoSchema),
  /** A request for samples made progress. */
  sample: sampleJobSchema,
  /** What lies between `Last-Event-ID` and now is not kept: read everything again. */
  reset: z.object({}),
} as const;

/** Name of a Server-Sent Event. */
export type LiveEventName = keyof typeof liveEventSchemas;
/** The data of the event of this name. */
export type LiveEventData<Name extends LiveEventName> = z.infer<(typeof liveEventSchemas)[Name]>;
/** Any event, name and data. */
export type LiveEvent = { [Name in LiveEventName]: { readonly name: Name; readonly data: LiveEventData<Name> } }[LiveEventName];
