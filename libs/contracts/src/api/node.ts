import { z } from 'zod';

/** Schema of `NodeInfo`. */
export const nodeInfoSchema = z
  .object({
    /** Unique within the life of the coordinator. */
    id: z.string(),
    name: z.string(),
    /** host:port that its data are pulled from. */
    address: z.string(),
    /** What it does now. */
    state: z.enum(['idle', 'preparing', 'computing', 'waiting']),
    /** Tensor backend, such as `tensorflow`. */
    backend: z.string(),
    cpuModel: z.string(),
    /** With which it computes; 0 until it has said so. */
    threads: z.int().min(0),
    /** Resident memory of its process; 0 until it has said so. */
    memoryBytes: z.int().min(0),
    /** How many virtual workers of the job's it computes now. */
    virtualWorkers: z.int().min(0),
    /** Name of the job that it works on. */
    job: z.string().nullable(),
    /** Milliseconds since it was heard last. */
    lastSeenMs: z.number().min(0),
    /** Milliseconds of its last step, split by what it did; null before one. */
    stepMs: z.object({ compute: z.number().min(0), wait: z.number().min(0), exchange: z.number().min(0) }).nullable(),
  })
  .meta({ id: 'Node' });
/** A trainer that is attached. */
export type NodeInfo = z.infer<typeof nodeInfoSchema>;
