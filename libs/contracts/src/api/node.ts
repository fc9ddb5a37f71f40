import { z } from 'zod';

/** Schema of `NodeState`. */
export const nodeStateSchema = z.enum(['idle', 'preparing', 'joining', 'computing', 'waiting', 'draining']);
/** What a trainer does. */
export type NodeState = z.infer<typeof nodeStateSchema>;

/** Schema of `NodeInfo`. */
export const nodeInfoSchema = z
  .object({
    /** Unique within the life of the coordinator. */
    id: z.string(),
    name: z.string(),
    /** host:port that its data are pulled from. */
    address: z.string(),
    /**
     * What it does now. `preparing`: for a job that starts; `joining`: it comes to a running job, prepares, fetches the state or catches up;
     * `waiting`: for others, see `waitsFor`; `draining`: it ends its part of the step and leaves then.
     */
    state: nodeStateSchema,
    /** Names of the trainers that it waits for now, eight at most: those that have still to compute, or that are silent, or not ready. */
    waitsFor: z.array(z.string()),
    /** Tensor backend, such as `tensorflow`. */
    backend: z.string(),
    cpuModel: z.string(),
    /** With which it computes; 0 until it has said so. */
    threads: z.int().min(0),
    /** Resident memory of its process; 0 until it has said so. */
    memoryBytes: z.int().min(0),
    /** How many virtual workers of the job's it computes now. */
    virtualWorkers: z.int().min(0),
    /** Leaves of the running step that it has still to compute, as it said last. */
    leavesLeft: z.int().min(0),
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
