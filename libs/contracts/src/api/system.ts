import { z } from 'zod';
import { time } from './fields.js';

/** Schema of `SystemInfo`. */
export const systemSchema = z
  .object({
    /** Langevin's version. */
    version: z.string(),
    /** Id of the cluster that the store belongs to. */
    cluster: z.string(),
    /** Location of the store, without credentials. */
    store: z.string(),
    /** When this coordinator started. */
    startedAt: time,
    readOnly: z.boolean(),
  })
  .meta({ id: 'System' });

/** The coordinator that answers. */
export type SystemInfo = z.infer<typeof systemSchema>;
